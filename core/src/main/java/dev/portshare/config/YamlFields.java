package dev.portshare.config;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The values of a mapping under the keys that it may have. */
final class YamlFields {
    private final YamlValue mapping;
    private final Map<String, YamlValue> values = new HashMap<>();

    private YamlFields(YamlValue mapping) {
        this.mapping = mapping;
    }

    /** Reads the keys of {@code node}; one that is unknown or there already is a problem. */
    static YamlFields of(YamlValue mapping, MappingNode node, YamlKeys keys) {
        YamlFields fields = new YamlFields(mapping);
        Map<String, YamlValue> seen = new HashMap<>();
        for (NodeTuple entry : node.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode scalar)) {
                new YamlValue(entry.getKeyNode(), mapping.path(), mapping.problems()).problem("a key must be one word");
                continue;
            }
            String name = scalar.getValue();
            YamlValue key = fields.at(scalar, name);
            YamlValue first = seen.putIfAbsent(name, key);
            if (first != null) {
                key.problem("duplicate key; the first is in line " + first.line());
            } else if (keys.known().contains(name)) {
                fields.values.put(name, fields.at(entry.getValueNode(), name));
            } else {
                key.problem(keys.problem(name));
            }
        }
        return fields;
    }

    private YamlValue at(Node node, String key) {
        return new YamlValue(node, mapping.path().isEmpty() ? key : mapping.path() + "." + key, mapping.problems());
    }

    /** The value of {@code key}; null where the mapping has none. */
    @Nullable
    YamlValue get(String key) {
        return values.get(key);
    }

    /** The value of {@code key}; null, and a problem, where the mapping has none. */
    @Nullable
    YamlValue require(String key, String remedy) {
        YamlValue value = values.get(key);
        if (value == null) {
            mapping.problem("no \"" + key + "\"; " + remedy);
        }
        return value;
    }
}
