package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.accept;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Connection;
import dev.portshare.it.harness.Corpus;
import dev.portshare.it.harness.Kernel;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Sockets;
import dev.portshare.it.harness.Stream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocols that the route file describes. */
class OwnDetectorsIT {
    private static final String FILE = """
        listen: 127.0.0.1:0
        detectors:
          - {name: telnet-bot, hex: "ff fb", mask: "ff fe"}
          - {name: foo, prefix: "HELLO "}
          - {name: bar, regex: "BAR/[0-9]+\\\\r\\\\n"}
          - {name: my-vpn, openvpn-xor: "obfuscate scramble"}
        routes:
          - {name: bots, when: {protocol: telnet-bot}, to: "%1$s"}
          - {name: foo-and-bar, when: {protocol: [foo, bar]}, to: "%2$s"}
          - {name: vpn, when: {protocol: my-vpn}, to: "%1$s"}
          - {name: rest, to: "%2$s"}
        """;

    @TempDir
    private Path folder;

    /** What a client sends, to be told as, and to be routed by. */
    private record Client(byte[] head, String protocol, String route) {}

    private static Map<String, Client> clients() throws IOException {
        Map<String, Client> clients = new LinkedHashMap<>();
        clients.put("hex", new Client(bytes("\u00ff\u00fa\u0001"), "telnet-bot", "bots"));
        clients.put("not hex", new Client(bytes("\u00ff\u00fc\u0001"), "unrecognised", "rest"));
        clients.put("prefix", new Client(bytes("HELLO you"), "foo", "foo-and-bar"));
        clients.put("not prefix", new Client(bytes("HELP me"), "unrecognised", "rest"));
        clients.put("regex", new Client(bytes("BAR/42\r\nmore"), "bar", "foo-and-bar"));
        clients.put("not regex", new Client(bytes("BAR/4x"), "unrecognised", "rest"));
        clients.put(
                "openvpn-xor", new Client(Corpus.head("openvpn-xor-obfuscate").bytes(), "my-vpn", "vpn"));
        clients.put("openvpn", new Client(Corpus.head("openvpn-plain-1").bytes(), "openvpn", "rest"));
        clients.put("http", new Client(Sockets.PLAIN, "http", "rest"));
        return clients;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aClientReachesItsBackendHoweverItsBytesAreCut() throws Exception {
        try (ServerSocket one = Sockets.backend();
                ServerSocket two = Sockets.backend();
                Portshare portshare = Portshare.serving(FILE.formatted(at(one), at(two)))) {
            for (Client client : clients().values()) {
                ServerSocket backend = client.route.matches("bots|vpn") ? one : two;
                for (int cut : new int[] {client.head.length, 1, 3}) {
                    try (Socket socket = connect(portshare)) {
                        writeInSegments(socket, client.head, cut);
                        socket.shutdownOutput();
                        try (Socket server = accept(backend)) {
                            assertThat(server.getInputStream().readAllBytes()).isEqualTo(client.head);
                            server.getOutputStream().write(client.head);
                        }
                        assertThat(socket.getInputStream().readAllBytes()).isEqualTo(client.head);
                    }
                    Connection connection = portshare.connection();
                    assertThat(connection.get("proto")).as("%s", connection).isEqualTo(client.protocol);
                    assertThat(connection.route()).as("%s", connection).isEqualTo(client.route);
                    assertThat(connection.close()).isEqualTo("completed");
                }
            }
        }
    }

    private static void writeInSegments(Socket socket, byte[] head, int size) throws IOException {
        for (int from = 0; from < head.length; from += size) {
            Kernel.writeSegment(socket, head, from, Math.min(from + size, head.length));
        }
    }

    @Test
    void explainSaysTheSameAndWhichOneItWas() throws Exception {
        Path file = Files.writeString(folder.resolve("portshare.yaml"), FILE.formatted("127.0.0.1:1", "127.0.0.1:2"));
        for (Map.Entry<String, Client> entry : clients().entrySet()) {
            Client client = entry.getValue();
            String hex = HexFormat.of().formatHex(client.head);
            assertThat(explain(file, "--json", "--hex", hex))
                    .contains("\"protocol\": \"" + client.protocol + "\"", "\"route\": \"" + client.route + "\"");
            String told = explain(file, "--hex", hex);
            for (String name : new String[] {"telnet-bot", "foo", "bar", "my-vpn"}) {
                assertThat(told)
                        .containsPattern(
                                "(?m)^  " + name + " +" + (name.equals(client.protocol) ? "yes, at byte " : "no: "));
            }
        }
    }

    private static String explain(Path file, String... arguments) {
        String[] words = new String[arguments.length + 3];
        words[0] = "explain";
        words[1] = "--config";
        words[2] = file.toString();
        System.arraycopy(arguments, 0, words, 3, arguments.length);
        Command.Result result = Portshare.run(words).ok();
        return result.out();
    }

    @Test
    void aReloadAddsChangesAndRemovesThemAndHurtsNoConnection() throws Exception {
        Path file = folder.resolve("portshare.yaml");
        try (ServerSocket echo = Sockets.echo();
                Portshare portshare = configured(file, at(echo), "{name: foo, prefix: \"FOO\"}");
                Socket begun = connect(portshare)) {
            Stream stream = new Stream(told(portshare, "FOO\n"));
            // It came under these detectors, and keeps them.
            Kernel.writeSegment(begun, bytes("FO"), 0, 2);

            write(file, at(echo), "{name: foo, prefix: \"FOO\"}, {name: bar, prefix: \"BAR\"}");
            portshare.reload();
            assertThat(asked(portshare, "BAR")).isEqualTo("bar");
            assertThat(asked(portshare, "FOO")).isEqualTo("foo");

            write(file, at(echo), "{name: foo, prefix: \"NEW\"}, {name: bar, prefix: \"BAR\"}");
            portshare.reload();
            assertThat(asked(portshare, "FOO")).isEqualTo("unrecognised");
            assertThat(asked(portshare, "NEW")).isEqualTo("foo");

            write(file, at(echo), "{name: bar, prefix: \"BAR\"}");
            portshare.reload();
            assertThat(asked(portshare, "NEW")).isEqualTo("unrecognised");
            assertThat(asked(portshare, "BAR")).isEqualTo("bar");

            begun.getOutputStream().write('O');
            begun.shutdownOutput();
            assertThat(begun.getInputStream().readAllBytes()).isEqualTo(bytes("FOO"));
            assertThat(portshare.connection().get("proto")).isEqualTo("foo");
            assertThat(stream.end()).isPositive();
            stream.close();
            assertThat(portshare.connection().get("proto")).isEqualTo("foo");
        }
    }

    private static Portshare configured(Path file, String backend, String detectors) throws IOException {
        write(file, backend, detectors);
        return Portshare.configured(file, 1);
    }

    /** A route for each of the protocols, and one for the rest. */
    private static void write(Path file, String backend, String detectors) throws IOException {
        StringBuilder routes = new StringBuilder();
        for (String name : new String[] {"foo", "bar"}) {
            if (detectors.contains(name)) {
                routes.append("  - {name: %s, when: {protocol: %s}, to: \"%s\"}\n".formatted(name, name, backend));
            }
        }
        Files.writeString(
                file,
                "listen: 127.0.0.1:0\ndetectors: [%s]\nroutes:\n%s  - {name: rest, to: \"%s\"}\n"
                        .formatted(detectors, routes, backend));
    }

    /** A connection to the echo that has had its head back. */
    private static Socket told(Portshare portshare, String head) throws IOException {
        Socket socket = connect(portshare, bytes(head));
        assertThat(socket.getInputStream().readNBytes(head.length())).isEqualTo(bytes(head));
        return socket;
    }

    /** What {@code head}'s client is told to be, in a connection that ends. */
    private static String asked(Portshare portshare, String head) throws Exception {
        try (Socket socket = told(portshare, head)) {
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        Connection connection = portshare.connection();
        assertThat(connection.route())
                .isEqualTo(connection.get("proto").equals("unrecognised") ? "rest" : connection.get("proto"));
        return connection.get("proto");
    }
}
