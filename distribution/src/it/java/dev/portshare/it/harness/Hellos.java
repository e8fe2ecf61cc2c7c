package dev.portshare.it.harness;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** ClientHellos (RFC 8446, 4.1.2) that no TLS library would send. */
public final class Hellos {
    private static final int MAX_RECORD = 1 << 14;

    private Hellos() {}

    /** One that asks for {@code serverName}, and offers {@code names} by ALPN, none or some. */
    public static byte[] hello(String serverName, byte[]... names) throws IOException {
        Bytes extensions = new Bytes();
        byte[] name = serverName.getBytes(StandardCharsets.ISO_8859_1);
        extensions
                .number(2, 0)
                .block(2, list -> list.block(2, entry -> entry.number(1, 0).block(2, host -> host.all(name))));
        if (names.length > 0) {
            extensions
                    .number(2, 16)
                    .block(
                            2,
                            extension -> extension.block(2, list -> {
                                for (byte[] each : names) {
                                    list.block(1, one -> one.all(each));
                                }
                            }));
        }
        Bytes message = new Bytes()
                .number(1, 1)
                .block(
                        3,
                        hello -> hello.number(2, 0x0303)
                                .all(new byte[32])
                                .number(1, 0)
                                .block(2, suites -> suites.number(2, 0x1301))
                                .block(1, compressions -> compressions.number(1, 0))
                                .block(2, all -> all.all(extensions.toByteArray())));
        return inRecords(message.toByteArray());
    }

    private static byte[] inRecords(byte[] message) throws IOException {
        Bytes records = new Bytes();
        for (int from = 0; from < message.length; from += MAX_RECORD) {
            byte[] part = java.util.Arrays.copyOfRange(message, from, Math.min(from + MAX_RECORD, message.length));
            records.number(1, 0x16).number(2, 0x0301).block(2, record -> record.all(part));
        }
        return records.toByteArray();
    }

    /** Bytes of which some are preceded by their length. A length that does not fit is cut. */
    private static final class Bytes {
        private interface Content {
            void writeTo(Bytes bytes) throws IOException;
        }

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);

        Bytes number(int size, int value) throws IOException {
            for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
                out.write(value >> shift);
            }
            return this;
        }

        Bytes all(byte[] content) throws IOException {
            out.write(content);
            return this;
        }

        Bytes block(int size, Content content) throws IOException {
            Bytes inner = new Bytes();
            content.writeTo(inner);
            return number(size, inner.bytes.size()).all(inner.toByteArray());
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }
}
