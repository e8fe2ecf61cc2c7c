package dev.portshare.session;

/** A string as JSON has it (RFC 8259, 7), in ASCII. */
public final class JsonString {
    private JsonString() {}

    /** Appends {@code value} with its quotation marks to {@code json}. */
    public static void append(CharSequence value, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                String digits = Integer.toHexString(c);
                json.append("\\u").append("0000", digits.length(), 4).append(digits);
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
