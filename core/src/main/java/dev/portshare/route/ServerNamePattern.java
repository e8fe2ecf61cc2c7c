package dev.portshare.route;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.portshare.detect.Detection;
import dev.portshare.detect.RegexSize;
import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@code sni} or {@code host} condition asks of a name. Case and one trailing dot mean nothing. */
public sealed interface ServerNamePattern {
    /**
     * Reads {@code git.example.org}, {@code *.example.org} or {@code /regex/}. A name beyond ASCII stands for its
     * {@code xn--} form, which is what clients send.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    static ServerNamePattern parse(String text) {
        if (text.startsWith("/")) {
            return Regex.parse(text);
        }
        if (text.isEmpty() || text.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no server name; write one such as example.org or *.example.org");
        }
        boolean wildcard = text.startsWith("*.");
        String name = wildcard ? text.substring(2) : text;
        if (name.indexOf('*') >= 0) {
            throw new IllegalArgumentException("\"*\" stands for whole labels in front, as in *.example.org; write /"
                    + text.replace(".", "\\.").replace("*", ".*") + "/");
        }
        String normal = Detection.Match.normal(DnsName.checked(ascii(name)));
        return wildcard ? new Suffix(normal) : new Exact(normal);
    }

    private static String ascii(String name) {
        try {
            return name.chars().allMatch(c -> c < 0x80) ? name : IDN.toASCII(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + name + "\" is no server name; write its xn-- form", e);
        }
    }

    /** Whether {@code name}, in lower case and without trailing dot, is meant. */
    boolean matches(String name);

    /**
     * Every pattern that matches {@code name}, in lower case and without trailing dot, other than the regexes and those
     * that are too long to be written: few, however long a name the client made up.
     */
    static List<ServerNamePattern> matching(String name) {
        List<ServerNamePattern> patterns = new ArrayList<>();
        patterns.add(new Exact(name));
        for (int dot = name.indexOf('.', 1); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            if (name.length() - dot - 1 <= DnsName.MAX_LENGTH) {
                patterns.add(new Suffix(name.substring(dot + 1)));
            }
        }
        return patterns;
    }

    /** The notation, which {@link #parse} reads. */
    @Override
    String toString();

    /** {@code name} and no other. */
    record Exact(String name) implements ServerNamePattern {
        @Override
        public boolean matches(String other) {
            return name.equals(other);
        }

        // Written out, like the others: what the compiler would put here is linked when the first client comes.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Exact that && name.equals(that.name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** One or more labels and then {@code domain}; not the bare {@code domain}. */
    record Suffix(String domain) implements ServerNamePattern {
        @Override
        public boolean matches(String name) {
            int dot = name.length() - domain.length() - 1;
            return dot > 0 && name.charAt(dot) == '.' && name.endsWith(domain);
        }

        // Written out, like the others: what the compiler would put here is linked when the first client comes.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Suffix that && domain.equals(that.domain);
        }

        @Override
        public int hashCode() {
            return ~domain.hashCode();
        }

        @Override
        public String toString() {
            return "*." + domain;
        }
    }

    /**
     * The whole name matches {@code pattern}, in time linear in its length.
     *
     * @param literals what is compared first: a match takes microseconds
     */
    record Regex(Pattern pattern, Literals literals) implements ServerNamePattern {
        private static Regex parse(String text) {
            String regex = text.substring(1, Math.max(1, text.length() - 1));
            if (regex.isEmpty() || !text.endsWith("/")) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" is no regular expression; write one such as /www[0-9]+\\.example\\.org/");
            }
            if (RegexSize.isTooLong(regex)) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" is too long with its repetitions written out; write smaller ones");
            }
            try {
                // DOTALL: no byte that a client puts into its name gets it past a regex.
                Pattern pattern = Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
                return new Regex(pattern, Literals.of(regex));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" is no regular expression: " + e.getDescription() + "; write RE2 syntax", e);
            }
        }

        @Override
        public boolean matches(String name) {
            return literals.fit(name) && pattern.matches(name);
        }

        /** Every name that matches ends in one of these domains, behind a dot; null: no such domain is known. */
        @Nullable
        Suffix domain() {
            String domain = literals.domain();
            return domain == null ? null : new Suffix(domain);
        }

        @Override
        public String toString() {
            return "/" + pattern.pattern() + "/";
        }
    }
}
