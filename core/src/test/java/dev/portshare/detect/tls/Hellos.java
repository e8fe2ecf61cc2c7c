package dev.portshare.detect.tls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Builds ClientHellos for tests, right ones and, where a test asks, wrong ones. */
public final class Hellos {
    /** Bytes of the largest record's content. */
    public static final int MAX_RECORD = 1 << 14;

    private static final int PADDING = 21;

    private final List<byte[]> extensions = new ArrayList<>();
    private boolean extensionBlock = true;
    private int sessionId = 32;

    private Hellos() {}

    /** A hello with a session id of 32 bytes, four cipher suites and an empty extension block. */
    public static Hellos hello() {
        return new Hellos();
    }

    /** The head of a client that asks for {@code serverName} and offers {@code protocols}, in one record. */
    public static byte[] head(String serverName, String... protocols) {
        Hellos hello = hello().serverName(serverName);
        return protocols.length == 0 ? hello.head() : hello.alpn(protocols).head();
    }

    public Hellos sessionId(int length) {
        sessionId = length;
        return this;
    }

    public Hellos withoutExtensionBlock() {
        extensionBlock = false;
        return this;
    }

    /** One host name, one byte a char. */
    public Hellos serverName(String name) {
        return extension(0, sized(2, concat(number(1, 0), sized(2, latin1(name)))));
    }

    /** One byte a char. */
    public Hellos alpn(String... protocols) {
        byte[][] names =
                Arrays.stream(protocols).map(name -> sized(1, latin1(name))).toArray(byte[][]::new);
        return extension(16, sized(2, concat(names)));
    }

    public Hellos extension(int type, byte... body) {
        extensions.add(concat(number(2, type), sized(2, body)));
        return this;
    }

    /** Adds a padding extension (RFC 7685) that makes the handshake message, header included, {@code size} bytes. */
    public Hellos paddedTo(int size) {
        return extension(PADDING, new byte[size - message().length - 4]);
    }

    /** The handshake message: four bytes of header, then the hello. */
    public byte[] message() {
        byte[] random = new byte[32];
        Arrays.fill(random, (byte) 0xA5);
        byte[] block = extensionBlock ? sized(2, concat(extensions.toArray(byte[][]::new))) : new byte[0];
        byte[] body = concat(
                number(2, 0x0303),
                random,
                sized(1, new byte[sessionId]),
                sized(2, new byte[] {0x13, 0x01, 0x13, 0x02, 0x13, 0x03, (byte) 0xC0, 0x2F}),
                sized(1, new byte[1]),
                block);
        return concat(number(1, 1), sized(3, body));
    }

    /** The message in records: the first ones with {@code sizes} bytes of content, the rest in the longest. */
    public byte[] head(int... sizes) {
        return records(message(), sizes);
    }

    /** The message with {@code size} bytes in each record. */
    public byte[] headInRecordsOf(int size) {
        byte[] message = message();
        int[] sizes = new int[message.length / size];
        Arrays.fill(sizes, size);
        return records(message, sizes);
    }

    /** Any bytes as the content of handshake records. */
    public static byte[] records(byte[] content, int... sizes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        for (int i = 0; i < sizes.length || at < content.length; i++) {
            int end = Math.min(content.length, at + (i < sizes.length ? sizes[i] : MAX_RECORD));
            out.writeBytes(concat(number(3, 0x160301), sized(2, Arrays.copyOfRange(content, at, end))));
            at = end;
        }
        return out.toByteArray();
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The content behind its own length. */
    private static byte[] sized(int width, byte[] content) {
        return concat(number(width, content.length), content);
    }

    private static byte[] number(int width, int value) {
        byte[] bytes = new byte[width];
        for (int i = 0; i < width; i++) {
            bytes[i] = (byte) (value >> 8 * (width - 1 - i));
        }
        return bytes;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
