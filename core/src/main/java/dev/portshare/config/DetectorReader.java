package dev.portshare.config;

import dev.portshare.detect.Detector;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import dev.portshare.detect.openvpn.OpenVpnDetector;
import dev.portshare.detect.openvpn.Scramble;
import dev.portshare.detect.own.BytesDetector;
import dev.portshare.detect.own.RegexDetector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code detectors:}. */
final class DetectorReader {
    static final YamlKeys KEYS =
            new YamlKeys(List.of("name", "hex", "mask", "prefix", "regex", "openvpn-xor"), Set.of());

    /** Of which an entry has one: what it looks at. */
    private static final List<String> KINDS = List.of("hex", "prefix", "regex", "openvpn-xor");

    private static final String KIND_REMEDY = "write one of hex: \"ff fb\", prefix: \"HELLO \", regex: \"HELLO [0-9]+\""
            + " and openvpn-xor: \"obfuscate KEY\"";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{0,31}");

    /** Where each name stands. */
    private final Map<String, YamlValue> names = new HashMap<>();

    private final List<NamedDetector> detectors = new ArrayList<>();
    /** Also those of detectors that are a problem: what refers to them must not be one as well. */
    private final Set<String> protocols = new LinkedHashSet<>();

    DetectorReader(YamlValue value) {
        for (YamlValue entry : value.list("a list of detectors")) {
            YamlFields fields = entry.fields("a detector such as {name: foo, prefix: \"HELLO \"}", KEYS);
            NamedDetector detector = fields == null ? null : detector(entry, fields);
            if (detector != null) {
                detectors.add(detector);
            }
        }
    }

    /** The detectors in their order, without those that are a problem. */
    List<NamedDetector> detectors() {
        return detectors;
    }

    /** What {@code protocol} can name. */
    List<String> protocols() {
        return Stream.concat(protocols.stream(), ConditionReader.PROTOCOLS.stream())
                .distinct()
                .toList();
    }

    private @Nullable NamedDetector detector(YamlValue entry, YamlFields fields) {
        YamlValue named = fields.require("name", "write one such as name: foo");
        String name = named == null ? null : name(named);
        List<String> kinds =
                KINDS.stream().filter(kind -> fields.get(kind) != null).toList();
        YamlValue mask = fields.get("mask");
        if (kinds.size() != 1) {
            entry.problem(
                    kinds.isEmpty()
                            ? "nothing to look at; " + KIND_REMEDY
                            : "both \"" + String.join("\" and \"", kinds) + "\"; write a detector for each");
            return null;
        }
        String kind = kinds.getFirst();
        if (mask != null && !kind.equals("hex")) {
            mask.problem("without \"hex\" it means nothing; leave it out");
            return null;
        }
        // What it looks at is checked also where its name is a problem.
        String protocol = name == null ? "" : name;
        YamlValue looked = fields.get(kind);
        String bits = mask == null ? null : mask.word("a mask such as \"ff fe\"");
        Detector detector = looked == null || (mask != null && bits == null)
                ? null
                : looked.read("what to look at", text -> of(kind, protocol, text, bits));
        return name == null || detector == null ? null : new NamedDetector(name, detector, name);
    }

    private static Detector of(String kind, String protocol, String text, @Nullable String mask) {
        return switch (kind) {
            case "hex" -> BytesDetector.hex(protocol, text, mask);
            case "prefix" -> BytesDetector.prefix(protocol, text);
            case "regex" -> RegexDetector.parse(protocol, text);
            default -> new OpenVpnDetector(protocol, Scramble.parse(text));
        };
    }

    private @Nullable String name(YamlValue value) {
        String name = value.read("a name", this::checkedName);
        YamlValue first = name == null ? null : names.putIfAbsent(name, value);
        if (first != null) {
            value.problem("duplicate detector name \"" + name + "\"; the first is in line " + first.line());
        }
        return name;
    }

    private String checkedName(String word) {
        protocols.add(word);
        if (ConditionReader.PROTOCOLS.contains(word) || word.equals(Detectors.UNRECOGNISED)) {
            throw new IllegalArgumentException(
                    "\"" + word + "\" is a name of portshare's own; write another, such as my-" + word);
        }
        if (!NAME.matcher(word).matches()) {
            throw new IllegalArgumentException(
                    "\"" + word + "\" is no name of a detector; write a lower-case letter, and up to"
                            + " 31 lower-case letters, digits, \".\", \"_\" and \"-\"");
        }
        return word;
    }
}
