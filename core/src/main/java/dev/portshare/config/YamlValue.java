package dev.portshare.config;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value in the route file, its place, and where to report what is wrong with it. Every reading method reports what it
 * cannot read, and goes on.
 *
 * @param path such as {@code routes[2].when.protocol}; empty: the whole document
 */
record YamlValue(Node node, String path, Problems problems) {
    void problem(String message) {
        problems.add(node.getStartMark(), path, message);
    }

    int line() {
        return node.getStartMark().orElseThrow().getLine() + 1;
    }

    /**
     * What {@code parse} makes of this word; null: a problem.
     *
     * @param expected what should stand here, such as "an address"
     * @param parse    throws IllegalArgumentException with a message for the user
     */
    <T> @Nullable T read(String expected, Function<String, T> parse) {
        String word = word(expected);
        try {
            return word == null ? null : parse.apply(word);
        } catch (IllegalArgumentException e) {
            problem(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Like {@link #read}, of one word or of each in a list; without those that are a problem. */
    <T> List<T> readEach(String expected, Function<String, T> parse) {
        return oneOrMore(expected).stream()
                .map(entry -> entry.read(expected, parse))
                .flatMap(Stream::ofNullable)
                .toList();
    }

    /** The literal text: 443 and null are words like any other. Null: a problem. */
    @Nullable
    String word(String expected) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty() && isPlainlyTagged()) {
            return scalar.getValue();
        }
        boolean isCollection = !(node instanceof ScalarNode);
        problem("expected " + expected + ", found " + kind() + (isCollection ? "; quote it if it is a word" : ""));
        return null;
    }

    /** This value alone, or the entries where it is a list. An empty list is a problem. */
    List<YamlValue> oneOrMore(String expected) {
        return node instanceof ScalarNode ? List.of(this) : list(expected + " or a list of them");
    }

    /** The entries of this list, which must have one. */
    List<YamlValue> list(String expected) {
        if (!(node instanceof SequenceNode sequence && isPlainlyTagged())) {
            problem("expected " + expected + ", found " + kind());
            return List.of();
        }
        List<Node> entries = sequence.getValue();
        if (entries.isEmpty()) {
            problem("expected " + expected + ", found an empty list");
        }
        return IntStream.range(0, entries.size())
                .mapToObj(i -> new YamlValue(entries.get(i), path + "[" + i + "]", problems))
                .toList();
    }

    /** The keys and values of this mapping; null: a problem. */
    @Nullable
    YamlFields fields(String expected, YamlKeys keys) {
        if (!(node instanceof MappingNode mapping && isPlainlyTagged())) {
            problem("expected " + expected + ", found " + kind());
            return null;
        }
        if (node.isRecursive()) {
            problem("an alias of something that contains it; write it out");
            return null;
        }
        return YamlFields.of(this, mapping, keys);
    }

    /** The keys of this mapping, whatever they are, and their values; none, and a problem, where it is no mapping. */
    List<YamlEntry> entries(String expected) {
        if (!(node instanceof MappingNode mapping && isPlainlyTagged())) {
            problem("expected " + expected + ", found " + kind());
            return List.of();
        }
        return mapping.getValue().stream()
                .map(tuple -> new YamlEntry(
                        new YamlValue(tuple.getKeyNode(), path, problems),
                        new YamlValue(tuple.getValueNode(), path, problems)))
                .toList();
    }

    /** For {@link #read}: {@code true} or {@code false}. */
    static Boolean truth(String word) {
        if (!word.equals("true") && !word.equals("false")) {
            throw new IllegalArgumentException("\"" + word + "\" is neither true nor false; write one of them");
        }
        return word.equals("true");
    }

    private boolean isPlainlyTagged() {
        return node.getTag().getValue().startsWith(Tag.PREFIX);
    }

    private String kind() {
        if (!isPlainlyTagged()) {
            return "the tag " + node.getTag().getValue() + "; leave it out";
        }
        return switch (node) {
            case MappingNode mapping -> "a mapping";
            case SequenceNode sequence -> "a list";
            case ScalarNode scalar when !scalar.getValue().isEmpty() -> "a word";
            default -> "nothing";
        };
    }
}
