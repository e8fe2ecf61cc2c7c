package dev.portshare.cli.demo;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The commands that show the routes at work. Each ends by itself, and needs neither root nor a file.
 *
 * @param port    where portshare listens
 * @param openvpn what starts an OpenVPN client
 */
record Commands(int port, String openvpn) {
    /** The name that has a route of its own. */
    static final String BLOG = "blog.demo.test";

    /** Where distributions install it; the PATH of an ordinary user often lacks this folder. */
    private static final Path SBIN = Path.of("/usr/sbin/openvpn");

    static Commands at(int port) {
        return new Commands(port, openvpn(System.getenv("PATH")));
    }

    private static String openvpn(@Nullable String path) {
        boolean isOnPath = path != null
                && Stream.of(path.split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "openvpn")));
        return !isOnPath && Files.isExecutable(SBIN) ? SBIN.toString() : "openvpn";
    }

    String url() {
        return "https://localhost:" + port + "/";
    }

    /** Fetches the page of route {@code web}. */
    String web() {
        return "curl -k " + url();
    }

    /** Fetches the page of route {@code blog}. */
    String blog() {
        return "curl -k --resolve %1$s:%2$d:127.0.0.1 https://%1$s:%2$d/".formatted(BLOG, port);
    }

    /** Shakes hands with route {@code blog}, and no more. */
    String handshake() {
        return "openssl s_client -brief -connect localhost:%d -servername %s -alpn http/1.1 </dev/null"
                .formatted(port, BLOG);
    }

    /**
     * Starts an OpenVPN session over route {@code vpn} and gives up after two seconds. The client demands credentials and
     * authorities before it sends its first packet; neither is used, so any serve.
     */
    String vpn() {
        return ("printf 'demo\\ndemo\\n' | %s --client --dev null --proto tcp --remote 127.0.0.1 %d --verb 3"
                        + " --hand-window 2 --tls-exit --capath /etc --auth-user-pass /dev/stdin")
                .formatted(openvpn, port);
    }
}
