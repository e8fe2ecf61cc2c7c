package dev.portshare.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Where things stand in a route file that was read without a problem. */
public final class Places {
    private static final Pattern STEP = Pattern.compile("(?<key>[a-z-]+)|\\[(?<index>[0-9]+)]");

    private final String file;
    private final @Nullable Node root;

    /**
     * The places in {@code yaml}.
     *
     * @param file what problems call it
     */
    public Places(String file, String yaml) {
        this(file, YamlDocument.root(yaml, new Problems(file)));
    }

    /** The places in the document {@code root}; null: it is empty. */
    Places(String file, @Nullable Node root) {
        this.file = file;
        this.root = root;
    }

    /** {@code findings} with their lines and columns, in the order of the lines. */
    public List<Problem> of(List<Finding> findings) {
        return findings.stream().map(this::problem).sorted(Problem.IN_ORDER).toList();
    }

    private Problem problem(Finding finding) {
        Node node = root;
        StringBuilder path = new StringBuilder();
        for (MatchResult step : STEP.matcher(finding.path()).results().toList()) {
            String key = step.group("key");
            // An entry that stands alone is a list of one, and has no number then.
            if (key == null && node != null && !(node instanceof SequenceNode)) {
                continue;
            }
            path.append(key == null || path.isEmpty() ? step.group() : "." + key);
            node = node == null ? null : key == null ? entry(node, step.group("index")) : value(node, key);
        }
        Optional<Mark> mark = node == null ? Optional.empty() : node.getStartMark();
        return new Problem(
                finding.severity(),
                file,
                mark.map(m -> m.getLine() + 1).orElse(0),
                mark.map(m -> m.getColumn() + 1).orElse(0),
                path.toString(),
                finding.message());
    }

    private static @Nullable Node entry(Node node, String index) {
        int number = Integer.parseInt(index);
        return node instanceof SequenceNode list && number < list.getValue().size()
                ? list.getValue().get(number)
                : null;
    }

    private static @Nullable Node value(Node node, String key) {
        return node instanceof MappingNode mapping
                ? mapping.getValue().stream()
                        .filter(entry -> entry.getKeyNode() instanceof ScalarNode name
                                && name.getValue().equals(key))
                        .map(entry -> entry.getValueNode())
                        .findFirst()
                        .orElse(null)
                : null;
    }
}
