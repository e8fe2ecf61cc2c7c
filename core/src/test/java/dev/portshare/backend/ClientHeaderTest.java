package dev.portshare.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.portshare.connection.Loop;
import dev.portshare.detect.proxy.Headers;
import dev.portshare.detect.proxy.ProxyAddresses;
import dev.portshare.detect.proxy.ProxyHeader;
import dev.portshare.session.Endpoint;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Byte for byte what the specification says, and what a reader of such headers makes of it. */
class ClientHeaderTest {
    private static final Endpoint FOUR = endpoint("192.0.2.7", 51234);
    private static final Endpoint FOUR_HERE = endpoint("203.0.113.5", 443);
    private static final Endpoint SIX = endpoint("2001:db8::7", 65535);
    private static final Endpoint SIX_HERE = endpoint("fe80::1%5", 1);
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    static Stream<Arguments> addresses() {
        return Stream.of(
                arguments(
                        FOUR,
                        FOUR_HERE,
                        "PROXY TCP4 192.0.2.7 203.0.113.5 51234 443\r\n",
                        "2111000c" + "c0000207" + "cb007105" + "c822" + "01bb"),
                arguments(
                        SIX,
                        SIX_HERE,
                        "PROXY TCP6 2001:db8::7 fe80::1 65535 1\r\n",
                        "21210024" + "20010db8000000000000000000000007" + "fe800000000000000000000000000001" + "ffff"
                                + "0001"),
                arguments(
                        FOUR,
                        SIX_HERE,
                        "PROXY TCP6 ::ffff:192.0.2.7 fe80::1 51234 1\r\n",
                        "21210024" + "00000000000000000000ffffc0000207" + "fe800000000000000000000000000001" + "c822"
                                + "0001"),
                arguments(
                        SIX,
                        FOUR_HERE,
                        "PROXY TCP6 2001:db8::7 ::ffff:203.0.113.5 65535 443\r\n",
                        "21210024" + "20010db8000000000000000000000007" + "00000000000000000000ffffcb007105" + "ffff"
                                + "01bb"));
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void bothVersionsSayWhoItIsAndWhatItConnectedTo(Endpoint client, Endpoint local, String line, String block) {
        assertThat(ClientHeader.line(client, local)).asString().isEqualTo(line);
        byte[] header = new BinaryClientHeader(client, local).bytes(false);
        assertThat(header).asHexString().isEqualToIgnoringCase(SIGNATURE + block);
        var addresses = new ProxyAddresses.Inet(unscoped(client), unscoped(local));
        assertThat(read(header).addresses()).isEqualTo(addresses);
        assertThat(read(ClientHeader.line(client, local)).addresses()).isEqualTo(addresses);
    }

    @Test
    void aClientWithoutAnAddressIsUnknown() {
        assertThat(ClientHeader.line(null, FOUR)).asString().isEqualTo("PROXY UNKNOWN\r\n");
        assertThat(ClientHeader.line(FOUR, null)).asString().isEqualTo("PROXY UNKNOWN\r\n");
        assertThat(BinaryClientHeader.LOCAL).asHexString().isEqualToIgnoringCase(SIGNATURE + "20000000");
        assertThat(read(BinaryClientHeader.LOCAL).addresses()).isEqualTo(ProxyAddresses.OWN);
    }

    @Test
    void whatIsKnownBesidesFollows() {
        BinaryClientHeader header = new BinaryClientHeader(FOUR, FOUR_HERE);
        header.authority("www.dev.test");
        header.applicationProtocol(List.of("h2"));
        header.uniqueId("7-ab");
        assertThat(header.bytes(false))
                .isEqualTo(Headers.ipv4(
                        Headers.tlv(2, Headers.ascii("www.dev.test")),
                        Headers.tlv(1, Headers.ascii("h2")),
                        Headers.tlv(5, Headers.ascii("7-ab"))));
    }

    @Test
    void tlsThatWasEndedIsToldOf() {
        BinaryClientHeader header = new BinaryClientHeader(FOUR, FOUR_HERE);
        header.tls("TLSv1.3", "TLS_AES_128_GCM_SHA256", "alice");
        byte[] parts = Headers.concat(
                Headers.tlv(0x21, Headers.ascii("TLSv1.3")),
                Headers.tlv(0x23, Headers.ascii("TLS_AES_128_GCM_SHA256")),
                Headers.tlv(0x22, Headers.ascii("alice")));
        assertThat(header.bytes(false))
                .isEqualTo(Headers.ipv4(Headers.tlv(0x20, Headers.concat(new byte[] {7, 0, 0, 0, 0}, parts))));
        BinaryClientHeader without = new BinaryClientHeader(FOUR, FOUR_HERE);
        without.tls("TLSv1.2", "A", null);
        assertThat(without.bytes(false))
                .isEqualTo(Headers.ipv4(Headers.tlv(
                        0x20,
                        Headers.concat(
                                new byte[] {1, 0, 0, 0, 1},
                                Headers.concat(
                                        Headers.tlv(0x21, Headers.ascii("TLSv1.2")),
                                        Headers.tlv(0x23, Headers.ascii("A")))))));
    }

    /** The reader checks it, and notices every bit that is another. */
    @Test
    void aChecksumCoversEveryByte() {
        BinaryClientHeader header = new BinaryClientHeader(FOUR, FOUR_HERE);
        header.authority("www.dev.test");
        byte[] sealed = header.bytes(true);
        byte[] expected = Headers.ipv4(Headers.tlv(2, Headers.ascii("www.dev.test")), Headers.checksum());
        assertThat(sealed).isEqualTo(Headers.sealed(expected, expected.length - Integer.BYTES));
        assertThat(read(sealed).tlv(3)).isNotNull();
        int type = sealed.length - Integer.BYTES - 3;
        for (int bit = 8 * 16; bit < 8 * sealed.length; bit++) {
            if (bit / 8 == type) {
                continue; // Another type is no checksum.
            }
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(ProxyHeader.read(ByteBuffer.wrap(changed)))
                    .as("bit %d", bit)
                    .isNotInstanceOf(ProxyHeader.class);
        }
    }

    @Test
    void whichProtocolWillBeInUseIsKnownWhereOneIsOffered() {
        for (List<String> offered : List.of(List.<String>of(), List.of("h2", "http/1.1"), List.of("x".repeat(256)))) {
            BinaryClientHeader header = new BinaryClientHeader(FOUR, FOUR_HERE);
            header.applicationProtocol(offered);
            assertThat(header.bytes(false)).isEqualTo(Headers.ipv4());
        }
    }

    @Test
    void whatIsNoHostNameIsLeftOut() {
        for (String name : new String[] {"", null, "x".repeat(256)}) {
            BinaryClientHeader header = new BinaryClientHeader(FOUR, FOUR_HERE);
            header.authority(name);
            assertThat(header.bytes(false)).isEqualTo(Headers.ipv4());
        }
    }

    @Test
    void theLargestHasRoomBesideAHead() {
        BinaryClientHeader header = new BinaryClientHeader(SIX, SIX);
        header.authority("\u00ff".repeat(255));
        header.applicationProtocol(List.of("\u00ff".repeat(255)));
        header.uniqueId("-".repeat(64));
        byte[] bytes = header.bytes(true);
        assertThat(bytes).hasSizeLessThanOrEqualTo(Loop.PREFACE_LIMIT);
        assertThat(read(bytes).tlv(2).remaining()).isEqualTo(255);
    }

    @Test
    void everyPairOfAddressesIsReadBackFromBothVersions() {
        Random random = new Random(2);
        for (int i = 0; i < 2000; i++) {
            Endpoint client = endpoint(random);
            Endpoint local = endpoint(random);
            var addresses = new ProxyAddresses.Inet(client, local);
            assertThat(read(ClientHeader.line(client, local)).addresses()).isEqualTo(addresses);
            assertThat(read(new BinaryClientHeader(client, local).bytes(i % 2 == 0))
                            .addresses())
                    .isEqualTo(addresses);
        }
    }

    private static Endpoint endpoint(Random random) {
        int port = random.nextInt(65536);
        return random.nextBoolean()
                ? Endpoint.ipv4(random.nextInt(), port)
                // With runs of zeroes, which version 1 shortens.
                : new Endpoint(
                        random.nextLong() & random.nextLong() & random.nextLong(),
                        random.nextLong() << random.nextInt(64),
                        port,
                        0);
    }

    private static ProxyHeader read(byte[] header) {
        byte[] more = Headers.concat(header, "more".getBytes(StandardCharsets.US_ASCII));
        ProxyHeader read = (ProxyHeader) ProxyHeader.read(ByteBuffer.wrap(more));
        assertThat(read.length()).isEqualTo(header.length);
        return Objects.requireNonNull(read, HexFormat.of().formatHex(header));
    }

    private static Endpoint unscoped(Endpoint endpoint) {
        return new Endpoint(endpoint.high(), endpoint.low(), endpoint.port(), 0);
    }

    private static Endpoint endpoint(String address, int port) {
        int scope = address.indexOf('%');
        Endpoint endpoint = Endpoint.of(InetAddress.ofLiteral(scope < 0 ? address : address.substring(0, scope)), port);
        return scope < 0 ? endpoint : new Endpoint(endpoint.high(), endpoint.low(), port, 5);
    }
}
