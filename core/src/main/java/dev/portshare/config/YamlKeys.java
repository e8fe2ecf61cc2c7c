package dev.portshare.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys of a mapping.
 *
 * @param known what this version reads
 * @param later what the format knows and this version does not
 * @param elsewhere what stands in another mapping, which is the value
 */
record YamlKeys(List<String> known, Set<String> later, Map<String, String> elsewhere) {
    YamlKeys(List<String> known, Set<String> later) {
        this(known, later, Map.of());
    }

    /** These, but for {@code key}. */
    YamlKeys without(String key) {
        return new YamlKeys(known.stream().filter(each -> !each.equals(key)).toList(), later, elsewhere);
    }

    /** Why {@code key} cannot stand here, and what can; only for a key that is not known. */
    String problem(String key) {
        if (later.contains(key)) {
            return "not supported by this version; leave it out";
        }
        String place = elsewhere.get(key);
        if (place != null) {
            return "unknown key; write it under \"" + place + "\"";
        }
        if (key.equals("<<")) {
            return "merge keys are not supported; write the keys out";
        }
        return "unknown key" + Spelling.remedy(key, known);
    }
}
