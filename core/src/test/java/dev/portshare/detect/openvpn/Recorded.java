package dev.portshare.detect.openvpn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Packets and keys of {@code src/test/resources/openvpn-keys}; its README says how they were made. Does not touch the classes
 * under test before {@link Packet#key} is asked.
 */
public final class Recorded {
    private Recorded() {}

    /**
     * A client's first packet.
     *
     * @param name      of the row
     * @param file      the key that the server has
     * @param digest    {@code -}: of no consequence
     * @param direction the server's: 0, 1, or {@code -}
     * @param expect    ok, bad-hmac, bad-wkc, not-openvpn or need-more
     */
    public record Packet(
            String name, String mode, String file, String digest, String direction, byte[] bytes, String expect) {
        public OpenVpnKey key(String file) {
            return Recorded.key(mode, file, digest, direction);
        }

        public OpenVpnKey key() {
            return key(file);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** What {@code packet} proves. */
    public static Proof proof(Packet packet) {
        return Objects.requireNonNull(packet.key().prove(ByteBuffer.wrap(packet.bytes())));
    }

    /** By the real client, of each digest and direction. */
    public static List<Packet> packets() {
        return resource("packets.tsv")
                .lines()
                .skip(1)
                .map(line -> line.split("\t"))
                .map(c -> new Packet(
                        c[0] + " " + c[1] + " " + c[2],
                        c[0],
                        c[0].equals("tls-crypt-v2") ? "v2-server.key" : "ta.key",
                        c[1],
                        c[2],
                        HexFormat.of().parseHex(c[3]),
                        "ok"))
                .toList();
    }

    /** The vectors that have a key. */
    public static Stream<Packet> vectors() {
        List<?> rows = (List<?>) json().get("vectors");
        return rows.stream()
                .map(row -> (Map<?, ?>) row)
                .filter(row -> row.get("key") != null)
                .map(row -> new Packet(
                        text(row, "name"),
                        text(row, "mode"),
                        text(row, "key"),
                        text(row, "digest"),
                        text(row, "server_direction"),
                        HexFormat.of().parseHex(text(row, "stream_hex")),
                        text(row, "expect")));
    }

    private static String text(Map<?, ?> row, String column) {
        Object value = row.get(column);
        return value == null ? "-" : value.toString();
    }

    /** The text of a key file of the vectors. */
    public static String keyText(String file) {
        Map<?, ?> keys = (Map<?, ?>) json().get("keys");
        return text((Map<?, ?>) keys.get(file), "text");
    }

    static OpenVpnKey key(String mode, String file, String digest, String direction) {
        String text = keyText(file);
        KeyDirection way = direction.equals("-") ? KeyDirection.NONE : KeyDirection.parse(direction);
        return switch (mode) {
            case "tls-auth" -> TlsAuthKey.of(StaticKey.parse(text), AuthDigest.parse(digest), way);
            case "tls-crypt" -> TlsCryptKey.of(StaticKey.parse(text));
            case "tls-crypt-v2" -> TlsCryptV2Key.parse(text);
            default -> PeerKey.of(StaticKey.parse(text), AuthDigest.parse(digest), way);
        };
    }

    /** JSON is YAML. */
    private static Map<?, ?> json() {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(resource("vectors.json"));
    }

    /** The text of a file there. */
    public static String resource(String file) {
        try (InputStream in = Recorded.class.getResourceAsStream("/openvpn-keys/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }
}
