package dev.portshare.route;

import java.util.regex.Pattern;

/** What a host name may look like; the underscore is not in RFC 1123 but is in use. */
public final class DnsName {
    /** The longest name that DNS can hold, in characters without the trailing dot (RFC 1035, 2.3.4). */
    static final int MAX_LENGTH = 253;

    private static final int MAX_LABEL = 63;
    private static final Pattern ILLEGAL = Pattern.compile("[^A-Za-z0-9._-]");

    private DnsName() {}

    /**
     * Returns {@code name}, with or without a trailing dot, as it is.
     *
     * @throws IllegalArgumentException saying why it is none
     */
    public static String checked(String name) {
        var illegal = ILLEGAL.matcher(name);
        if (illegal.find()) {
            throw new IllegalArgumentException("illegal character \"" + illegal.group() + "\" in \"" + name
                    + "\"; a name has letters, digits, \"-\", \"_\" and \".\"");
        }
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        for (String label : bare.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > MAX_LABEL) {
                throw new IllegalArgumentException("between its dots \"" + name + "\" has a part of " + label.length()
                        + " characters; a name has parts of 1 to " + MAX_LABEL);
            }
        }
        if (bare.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a name of " + bare.length() + " characters; a name has at most " + MAX_LENGTH);
        }
        return name;
    }
}
