package dev.portshare.cli.admin;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Figures {
    private static final String PREFIXES = "kMGTPE";

    private Figures() {}

    /** {@code 1,234,567}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Bytes, in powers of a thousand: {@code 12.3 MB}. */
    public static String bytes(double bytes) {
        if (bytes < 1000) {
            return Math.round(bytes) + " B";
        }
        double value = bytes / 1000;
        int prefix = 0;
        while (value >= 999.5 && prefix < PREFIXES.length() - 1) {
            value /= 1000;
            prefix++;
        }
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f %cB" : "%.0f %cB", value, PREFIXES.charAt(prefix));
    }

    /** Bytes a second: {@code 12 MB/s}. */
    public static String rate(double bytes) {
        return bytes(bytes) + "/s";
    }

    /** The two largest units: {@code 3 d 4 h}, {@code 12 s}. */
    public static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        if (seconds < 86400) {
            return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
        }
        return seconds / 86400 + " d " + seconds % 86400 / 3600 + " h";
    }
}
