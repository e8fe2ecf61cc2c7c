package dev.portshare.detect.http;

import static dev.portshare.detect.ByteReader.isDigit;
import static dev.portshare.detect.ByteReader.isHexDigit;
import static dev.portshare.detect.ByteReader.isLetter;
import static dev.portshare.detect.ByteReader.require;

import dev.portshare.detect.ByteReader;
import dev.portshare.detect.Words;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads the request line and the header fields of an HTTP/1 request (RFC 9112, 2 to 5). */
final class RequestHead {
    /**
     * The longest head read, in bytes: 64 KiB, which is more than servers take (nginx 32 KiB, Node 16 KiB). What is longer
     * would let any stranger fill memory.
     */
    static final int MAX_LENGTH = 1 << 16;

    /** RFC 9112, 2.2, asks to ignore at least one. */
    static final int MAX_EMPTY_LINES = 4;

    /** What DNS can carry, as of a TLS server name. */
    private static final int MAX_HOST = 255;

    private static final String HOST = "host";

    /**
     * IANA's HTTP Method Registry, but for {@code PRI} and {@code *}, which are in it so that no request ever has them.
     */
    private static final Words METHODS = Words.of(
            "ACL",
            "BASELINE-CONTROL",
            "BIND",
            "CHECKIN",
            "CHECKOUT",
            "CONNECT",
            "COPY",
            "DELETE",
            "GET",
            "HEAD",
            "LABEL",
            "LINK",
            "LOCK",
            "MERGE",
            "MKACTIVITY",
            "MKCALENDAR",
            "MKCOL",
            "MKREDIRECTREF",
            "MKWORKSPACE",
            "MOVE",
            "OPTIONS",
            "ORDERPATCH",
            "PATCH",
            "POST",
            "PROPFIND",
            "PROPPATCH",
            "PUT",
            "QUERY",
            "REBIND",
            "REPORT",
            "SEARCH",
            "TRACE",
            "UNBIND",
            "UNCHECKOUT",
            "UNLINK",
            "UNLOCK",
            "UPDATE",
            "UPDATEREDIRECTREF",
            "VERSION-CONTROL");

    private final ByteReader in;

    RequestHead(ByteBuffer head) {
        in = new ByteReader(head, MAX_LENGTH);
    }

    /**
     * The host that the request asks for, without its port; null: it names none.
     *
     * @throws ByteReader.Stop if the head does not begin a request, or does not tell its host yet
     */
    @Nullable
    String host() {
        int c = in.next();
        for (int lines = 0; c == '\r' || c == '\n'; lines++) {
            require(lines < MAX_EMPTY_LINES && in.isLineEnd(c));
            c = in.next();
        }
        String method = METHODS.read(in, c);
        require(in.last() == ' ');
        c = in.next();
        String host = "";
        if (method.equals("CONNECT")) {
            host = uriHost(c);
            require(!host.isEmpty() && in.last() == ':' && isDigit(in.next()));
            require(passDigits() == ' ');
        } else if (c == '*') {
            require(method.equals("OPTIONS") && in.next() == ' ');
        } else if (c == '/') {
            int end = passTarget();
            if (end != ' ') {
                // HTTP/0.9 had GET alone, no version and no head; servers still answer it.
                require(method.equals("GET") && in.isLineEnd(end));
                return null;
            }
        } else {
            host = hostOfAbsolute(c);
        }
        in.pass("HTTP/1.");
        require(isDigit(in.next()) && in.isLineEnd(in.next()));
        // The request line's host comes before that of the field (RFC 9112, 3.2.2).
        host = host.isEmpty() ? hostField() : host;
        return host.isEmpty() ? null : host;
    }

    /** The rest of a request target, of whatever browsers put into it; the byte behind it. */
    private int passTarget() {
        int c = in.next();
        while (c > ' ' && c != 0x7F) {
            c = in.next();
        }
        return c;
    }

    /** Passes {@code scheme://host:port/path} and the blank behind it. */
    private String hostOfAbsolute(int first) {
        require(isLetter(first));
        int c = in.next();
        while (isLetter(c) || isDigit(c) || c == '+' || c == '-' || c == '.') {
            c = in.next();
        }
        require(c == ':');
        in.pass("//");
        // No user before it, and none without a host (RFC 9110, 4.2).
        String host = uriHost(in.next());
        require(!host.isEmpty());
        c = passPort();
        if (c == '/' || c == '?') {
            c = passTarget();
        }
        require(c == ' ');
        return host;
    }

    /**
     * Passes the header fields and the empty line behind them.
     *
     * @return the value of {@code Host}; empty: the field is, or there is none
     */
    private String hostField() {
        String host = null;
        for (int c = in.next(); !in.isLineEnd(c); c = in.next()) {
            if (!isHost(c)) {
                passValue();
            } else {
                // Servers disagree which of two is meant; they must refuse them (RFC 9112, 3.2).
                require(host == null);
                host = hostValue();
            }
        }
        return host == null ? "" : host;
    }

    /** Passes a field's name, which begins with {@code first}, and its colon; whether the name is {@code Host}. */
    private boolean isHost(int first) {
        int length = 0;
        boolean isHost = true;
        int c = first;
        do {
            require(isTokenCharacter(c));
            isHost &= length < HOST.length() && (c | 0x20) == HOST.charAt(length);
            length++;
            c = in.next();
        } while (c != ':');
        return isHost && length == HOST.length();
    }

    /** Passes a value of visible characters, blanks and bytes beyond ASCII (RFC 9110, 5.5), and its line's end. */
    private void passValue() {
        int c = in.next();
        while ((c >= ' ' && c != 0x7F) || c == '\t') {
            c = in.next();
        }
        require(in.isLineEnd(c));
    }

    private String hostValue() {
        String host = uriHost(passBlanks(in.next()));
        require(in.isLineEnd(passBlanks(passPort())));
        return host;
    }

    /** The byte behind the blanks that {@code first} may be one of. */
    private int passBlanks(int first) {
        int c = first;
        while (c == ' ' || c == '\t') {
            c = in.next();
        }
        return c;
    }

    /** A host that begins with {@code first} (RFC 3986, 3.2.2), as it was sent; possibly empty. Reads the byte behind it, too. */
    private String uriHost(int first) {
        int from = in.count() - 1;
        int c = first;
        if (c == '[') {
            c = in.next();
            do {
                require((isHexDigit(c) || c == ':' || c == '.') && in.count() - from < MAX_HOST);
                c = in.next();
            } while (c != ']');
            c = in.next();
        } else {
            while (isHostCharacter(c)) {
                require(in.count() - from <= (c == '%' ? MAX_HOST - 2 : MAX_HOST));
                if (c == '%') {
                    require(isHexDigit(in.next()));
                    require(isHexDigit(in.next()));
                }
                c = in.next();
            }
        }
        return in.text(from, in.count() - 1);
    }

    /** The byte behind a port, if there is one: that byte, or a colon before it, was just read. */
    private int passPort() {
        return in.last() == ':' ? passDigits() : in.last();
    }

    /** The byte behind the digits that follow. */
    private int passDigits() {
        int c = in.next();
        while (isDigit(c)) {
            c = in.next();
        }
        return c;
    }

    private static boolean isTokenCharacter(int c) {
        return isLetter(c) || isDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    private static boolean isHostCharacter(int c) {
        return isLetter(c) || isDigit(c) || "-._~!$&'()*+,;=%".indexOf(c) >= 0;
    }
}
