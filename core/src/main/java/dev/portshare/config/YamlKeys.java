package dev.portshare.config;

import java.util.List;
import java.util.Set;

/**
 * The keys of a mapping.
 *
 * @param known what this version reads
 * @param later what the format knows and this version does not
 */
record YamlKeys(List<String> known, Set<String> later) {
    /** Why {@code key} cannot stand here, and what can; only for a key that is not known. */
    String problem(String key) {
        if (later.contains(key)) {
            return "not supported by this version; leave it out";
        }
        if (key.equals("<<")) {
            return "merge keys are not supported; write the keys out";
        }
        return "unknown key" + Spelling.remedy(key, known);
    }
}
