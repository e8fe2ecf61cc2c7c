package dev.portshare.it.probe;

import static dev.portshare.it.probe.Probe.deaf;
import static dev.portshare.it.probe.Probe.halfClose;
import static dev.portshare.it.probe.Probe.idle;
import static dev.portshare.it.probe.Probe.of;
import static dev.portshare.it.probe.Probe.pause;
import static dev.portshare.it.probe.Probe.reset;
import static dev.portshare.it.probe.Probe.rest;
import static dev.portshare.it.probe.Probe.send;
import static dev.portshare.it.probe.Probe.trickle;
import static dev.portshare.it.probe.Probe.untilTheEnd;

import dev.portshare.it.harness.Corpus;
import dev.portshare.it.harness.Sockets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The probes that censors are known to send, and more. Sources: "OpenVPN is Open to VPN Fingerprinting" (USENIX Security 2022),
 * base probes 1 and 2, and the others of its list; "Detecting Probe-resistant Proxies" (NDSS 2020), time-outs and FIN or RST
 * thresholds.
 */
public final class Probes {
    private static final Duration SLOW = Duration.ofMillis(50);
    private static final byte[] ONE = {'x'};

    private final List<Probe> probes = new ArrayList<>();
    private final Shapes shapes = new Shapes(1);
    private final byte[] hello;

    private Probes() throws IOException {
        hello = Corpus.head("tls-openssl-13-sni").bytes();
    }

    /** Everything that whoever holds no key, and has seen nothing, can send. */
    public static List<Probe> blind() throws IOException {
        Probes all = new Probes();
        all.fewBytes();
        all.firstPackets();
        all.garbage();
        all.tls();
        all.otherProtocols();
        all.endings();
        return all.probes;
    }

    /** What can be made of {@code packet}, which a client that holds the key has sent, short of the packet itself. */
    public static List<Probe> forged(String mode, byte[] packet) throws IOException {
        Probes all = new Probes();
        all.beginnings(mode, packet);
        for (int i = 0; i < packet.length; i++) {
            byte[] flipped = packet.clone();
            flipped[i] ^= (byte) (1 << i % Byte.SIZE);
            Probe probe = of(mode + ", flipped in byte " + i, send(flipped));
            // Where it names another length, more may come.
            all.add(i < 2 ? probe.waiting() : probe);
        }
        return all.probes;
    }

    /** {@code packet}, which lets nobody in, in every way. */
    public static List<Probe> whole(String mode, byte[] packet) throws IOException {
        Probes all = new Probes();
        all.wholes(mode, packet);
        return all.probes;
    }

    private void add(Probe probe) {
        probes.add(probe);
    }

    private void fewBytes() {
        add(of("silence").waiting());
        for (String bytes : List.of("00", "47", "16", "01", "04", "05", "38", "80", "ff")) {
            add(of("byte " + bytes, send(hex(bytes))).waiting());
        }
        for (String bytes : List.of(
                "0000",
                "000e",
                "0010",
                "0036",
                "0161",
                "0500",
                "00016e",
                "0d0a0d0a",
                "000e38",
                "003638",
                "016150",
                "000e40",
                "0150",
                "012c50")) {
            add(of("bytes " + bytes, send(hex(bytes))).waiting());
        }
    }

    private void firstPackets() {
        shapes.all().forEach((mode, packet) -> {
            beginnings(mode, packet);
            wholes(mode, packet);
        });
    }

    /** All that is less than {@code packet}. */
    private void beginnings(String mode, byte[] packet) {
        for (int length = 1; length < packet.length; length++) {
            add(of(mode + ", first " + length + " bytes", send(packet, length)).waiting());
        }
        for (int cut : new int[] {1, 2, 3, 11, packet.length - 1}) {
            String first = mode + ", first " + cut;
            add(of(first + " and FIN", send(packet, cut), halfClose()).waiting());
            add(of(first + ", later FIN", send(packet, cut), pause(60), halfClose())
                    .waiting());
            add(of(first + ", late FIN", send(packet, cut), pause(700), halfClose())
                    .waiting());
            add(of(first + " and RST", send(packet, cut), pause(30), reset()).waiting());
            add(of(first + ", then others", send(packet, cut), pause(60), send(shapes.bytes(40)))
                    .waiting());
            // For longer than anything is held: then it is late.
            add(of(mode + ", cut at " + cut + " for long", send(packet, cut), pause(700), rest(packet, cut))
                    .waiting());
        }
        add(of(mode + ", a byte each 50 ms", trickle(packet, SLOW)).waiting());
    }

    /** The whole of {@code packet}. */
    private void wholes(String mode, byte[] packet) {
        add(of(mode + ", whole", send(packet)));
        add(of(mode + ", two at once", send(twice(packet))));
        add(of(mode + ", whole, later the same", send(packet), pause(300), send(packet)));
        add(of(mode + ", whole, and random bytes behind", send(joined(packet, shapes.bytes(2000)))));
        add(of(mode + ", whole and FIN", send(packet), halfClose()));
        add(of(mode + ", whole, later FIN", send(packet), pause(60), halfClose()));
        for (int cut : new int[] {1, 2, 3, 11, packet.length - 1}) {
            add(of(mode + ", cut at " + cut, send(packet, cut), pause(60), rest(packet, cut))
                    .waiting());
        }
        add(of(mode + ", byte by byte", trickle(packet, Duration.ofMillis(1))).waiting());
    }

    private void garbage() {
        for (int length : new int[] {3, 17, 100, 517, 1768, 1769, 2000, 4096, 4097, 9000, 20_000}) {
            for (int seed = 0; seed < 3; seed++) {
                add(of("random " + length + " #" + seed, send(new Shapes(seed).bytes(length))));
            }
        }
        for (int seed = 0; seed < 5; seed++) {
            add(of("random 2000 and FIN #" + seed, send(new Shapes(seed).bytes(2000)), halfClose()));
        }
        add(of("random 2000, a byte each ms", trickle(shapes.bytes(2000), Duration.ofMillis(1))));
        add(of("128 KiB random", send(shapes.bytes(128 << 10))));
        add(of("128 KiB random and FIN", send(shapes.bytes(128 << 10)), halfClose()));
        add(deaf("128 KiB random, unread", send(shapes.bytes(128 << 10)), idle(400)));
        add(deaf("128 KiB random and FIN, unread", send(shapes.bytes(128 << 10)), halfClose(), idle(400)));
    }

    private void tls() {
        add(of("ClientHello", send(hello)));
        add(of("ClientHello and FIN", send(hello), halfClose()));
        add(of("ClientHello, garbage at once", send(joined(hello, shapes.bytes(300)))));
        add(of("ClientHello, garbage later", send(hello), pause(200), send(shapes.bytes(300))));
        add(of("ClientHello, half of it", send(hello, hello.length / 2)));
        add(of("ClientHello, half of it and FIN", send(hello, hello.length / 2), halfClose()));
        add(of("ClientHello, half of it and RST", send(hello, hello.length / 2), pause(30), reset()));
        add(of("ClientHello, a byte each 2 ms", trickle(hello, Duration.ofMillis(2))));
        add(of("ClientHello twice", send(twice(hello))));
        add(of("ClientHello, RST behind the answer", send(hello), pause(200), reset()));
        add(of("ClientHello, alert behind the answer", send(hello), pause(200), send(hex("15030300020100"))));
        byte[] old = hello.clone();
        old[9] = 3;
        old[10] = 0;
        add(of("ClientHello of SSL 3", send(old)));
        add(of("TLS record of random bytes", send(joined(hex("1603010100"), shapes.bytes(256)))));
        add(of("TLS record of no length", send(hex("1603010000"))));
        add(of("TLS record too long", send(hex("160301ffff"))));
        add(of("TLS record header alone", send(hello, 5)));
        add(of("TLS application data", send(joined(hex("1703030100"), shapes.bytes(256)))));
        add(of("TLS alert", send(hex("15030100020246"))));
        add(of("SSLv2 hello", send(hex("802e0100020015000000100100800200800300800400800500800600400700c00000"))));
    }

    private void otherProtocols() {
        add(of("HTTP GET", send(Sockets.PLAIN)));
        add(of("HTTP GET and FIN", send(Sockets.PLAIN), halfClose()));
        add(of("HTTP GET by bytes", trickle(Sockets.PLAIN, Duration.ofMillis(20))));
        add(of("HTTP/1.1 GET", send(text("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"))));
        add(of(
                "HTTP/1.1, two requests",
                send(text("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"))));
        add(of(
                "HTTP POST of 64 KiB",
                send(joined(text("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n"), new byte[65_536]))));
        add(of("HTTP CONNECT", send(text("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n"))));
        add(of("HTTP, half a request", send(text("GET / HT"))));
        add(of("HTTP/2 preface", send(text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))));
        add(of("SSH banner", send(text("SSH-2.0-OpenSSH_9.2\r\n"))));
        add(of("SSH banner and FIN", send(text("SSH-2.0-OpenSSH_9.2\r\n")), halfClose()));
        add(of("SOCKS5", send(hex("050100"))));
        add(of("SOCKS4", send(hex("040100500a00000100"))));
        add(of("DNS", send(hex("001d3801010000010000000000000377777706676f6f676c6503636f6d0000010001"))));
        add(of("RDP", send(hex("0300000b06e00000000000"))));
        add(of("SMB", send(hex("00000055ff534d42"))));
        add(of("EHLO", send(text("EHLO example.org\r\n"))));
        add(of("PROXY header", send(text("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"))));
        add(of("BitTorrent", send(joined(hex("13"), text("BitTorrent protocol")))));
        add(of("newlines", send(text("\r\n\r\n\r\n\r\n"))));
    }

    private void endings() {
        add(of("FIN at once", halfClose()));
        add(of("FIN later", pause(100), halfClose()));
        add(of("FIN late", pause(800), halfClose()));
        add(of("RST at once", reset()));
        add(of("RST later", pause(100), reset()));
        add(of("one byte late", pause(700), send(ONE)));
        add(of("byte 00 late", pause(700), send(hex("00"))).waiting());
        add(of("ClientHello late", pause(700), send(hello)));
        add(of("a byte each 50 ms", trickle(new byte[30], SLOW)).waiting());
        for (byte[] first : List.of(Sockets.PLAIN, hex("00"), hello, shapes.tlsCrypt(), shapes.bytes(2000))) {
            String name = HexFormat.of().formatHex(first, 0, Math.min(first.length, 3));
            add(of(
                            name + "..., bytes after the end",
                            send(first),
                            untilTheEnd(),
                            send(ONE),
                            idle(200),
                            send(ONE),
                            idle(200),
                            send(ONE))
                    .waiting());
            add(of(name + "..., FIN after the end", send(first), untilTheEnd(), halfClose(), idle(100))
                    .waiting());
        }
        add(of("bytes long after the end", send(Sockets.PLAIN), idle(6500), send(ONE), idle(200), send(ONE)));
        add(of("bytes after the time-out", untilTheEnd(), send(ONE), idle(200), send(ONE)));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] twice(byte[] bytes) {
        return joined(bytes, bytes);
    }

    /** One behind the other. */
    public static byte[] joined(byte[] one, byte[] other) {
        byte[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }
}
