package dev.portshare.session;

/** What a stranger chose, made harmless for a terminal, a log and whoever parses it. */
public final class Escaped {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Escaped() {}

    /**
     * Writes each char outside {@code 0x21..0x7e}, and the backslash, as {@code \xNN}.
     *
     * @param text bytes off the wire, one char a byte (ISO 8859-1)
     */
    public static String of(String text) {
        int clean = 0;
        while (clean < text.length() && isPlain(text.charAt(clean))) {
            clean++;
        }
        if (clean == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, clean);
        for (int i = clean; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                escaped.append(c);
            } else {
                escaped.append("\\x").append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
            }
        }
        return escaped.toString();
    }

    private static boolean isPlain(char c) {
        return c > ' ' && c < 0x7f && c != '\\';
    }
}
