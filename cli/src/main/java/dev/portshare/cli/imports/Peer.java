package dev.portshare.cli.imports;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A program whose configuration can be imported; the constants are the words of the command line. */
public enum Peer {
    sslh(Pattern.compile("(?m)^\\s*(DAEMON_OPTS=|protocols\\s*[:=]\\s*\\()")) {
        @Override
        Draft draft(String text, @Nullable Path file) throws ImportException {
            return Sslh.draft(text);
        }
    },
    sniproxy(Pattern.compile("(?m)^\\s*(listen|listener|table)\\b[^;=\\n]*\\{")) {
        @Override
        Draft draft(String text, @Nullable Path file) throws ImportException {
            return Sniproxy.draft(text);
        }
    },
    openvpn(Pattern.compile("(?m)^\\s*port-share\\s")) {
        @Override
        Draft draft(String text, @Nullable Path file) throws ImportException {
            return OpenVpn.draft(text, file);
        }
    },
    xinetd(Pattern.compile("(?m)^\\s*(service\\s+\\S+|defaults)\\s*\\{?\\s*$")) {
        @Override
        Draft draft(String text, @Nullable Path file) throws ImportException {
            return Xinetd.draft(text);
        }
    };

    private final Pattern sign;

    Peer(Pattern sign) {
        this.sign = sign;
    }

    abstract Draft draft(String text, @Nullable Path file) throws ImportException;

    /**
     * The route file that does what {@code text} does, with a comment wherever something has no equal.
     *
     * @param source what the route file calls the file
     * @param file   where {@code text} lies for portshare to read it again; null: nowhere
     */
    public String routeFile(String source, String text, @Nullable Path file) throws ImportException {
        refuseControls(text);
        Draft draft = draft(text, file);
        if (draft.listening().isEmpty() || !draft.hasRoutes()) {
            throw new ImportException("nothing in it that portshare could do in place of " + name()
                    + "; listening addresses and backends are looked for");
        }
        return draft.yaml(source);
    }

    /** What no such file has, and YAML cannot hold. */
    private static void refuseControls(String text) throws ImportException {
        for (Cursor cursor = new Cursor(text); !cursor.atEnd(); cursor.take()) {
            char c = cursor.peek();
            if ((Character.isISOControl(c) && "\t\r\n\f".indexOf(c) < 0) || c >= 0xFEFF) {
                throw new ImportException(cursor.here(""), "character U+%04X; leave it out".formatted((int) c));
            }
        }
    }

    /** Whose configuration {@code text} is, by what stands in it. */
    public static Peer of(String text) throws ImportException {
        for (Peer peer : values()) {
            if (peer.sign.matcher(text).find()) {
                return peer;
            }
        }
        throw new ImportException(
                "cannot tell whose configuration this is; say it with --from sslh, sniproxy, openvpn or xinetd"
                        + " (of OpenVPN's, only such with a line port-share)");
    }
}
