package dev.portshare.config;

import java.util.List;
import java.util.regex.Pattern;

/** The notation of sizes: {@code 64KiB}, {@code 100MiB}, {@code 2GiB}. */
final class Sizes {
    private static final List<String> UNITS = List.of("KiB", "MiB", "GiB");
    private static final Pattern NOTATION = Pattern.compile("(?<count>[0-9]{1,9})(?<unit>[KMG]iB)");

    private Sizes() {}

    /**
     * Reads {@code text}, in bytes.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    static long parse(String text) {
        var notation = NOTATION.matcher(text);
        if (!notation.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no size; write a whole number and KiB, MiB or GiB, such as 100MiB");
        }
        int shift = 10 * (1 + UNITS.indexOf(notation.group("unit")));
        return Long.parseLong(notation.group("count")) << shift;
    }
}
