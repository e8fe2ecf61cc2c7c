package dev.portshare.it.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** What strangers do to a port that is open to everybody; {@link Abuser} does it. */
public enum Abuse {
    /** Many clients that send a byte a second each. */
    SLOWLORIS(500, 500, 300, 9_500),
    /** Clients that are gone again at once. */
    CONNECT_AND_CLOSE(300, 1000, 50, 50),
    GARBAGE(200, 500, 100, 500),
    /** Hellos of nearly 64 KiB, with 250 names of protocols. */
    LARGE_HELLOS(10, 40, 50, 200),
    /** Hellos of records of one byte, which come in as few packets as they fit in. */
    ONE_BYTE_RECORDS(20, 50, 50, 200),
    /** The same, each byte in a packet of its own: the most work that a head can make. */
    BYTE_BY_BYTE(1, 1, 1, 1),
    /** Names and hosts that would move the cursor of whoever looks at them. */
    TERMINAL_ESCAPES(50, 100, 50, 50);

    /** What they ask for; no route has it. */
    public static final String NAME = "abuse.invalid";

    private static final String ESCAPES = "\u001b[2J\u001b]0;owned\u0007\u009b31m\r\n";
    private static final int RECORD_HEADER = 5;

    private final int shortRate;
    private final int longRate;
    private final int shortMost;
    private final int longMost;

    Abuse(int shortRate, int longRate, int shortMost, int longMost) {
        this.shortRate = shortRate;
        this.longRate = longRate;
        this.shortMost = shortMost;
        this.longMost = longMost;
    }

    /** New connections a second: whoever makes more takes the processors from what is measured. */
    public int rate(boolean isLong) {
        return isLong ? longRate : shortRate;
    }

    /** At once. */
    public int most(boolean isLong) {
        return isLong ? longMost : shortMost;
    }

    /** How many bytes of its head a client sends within a second, each in a packet; 0: all at once. */
    int bytesPerSecond() {
        return switch (this) {
            case SLOWLORIS -> 1;
            case BYTE_BY_BYTE -> 5000;
            default -> 0;
        };
    }

    /** What the {@code n}th client says. */
    byte[] head(int n) throws IOException {
        return switch (this) {
            case SLOWLORIS -> Hellos.hello(NAME);
            case CONNECT_AND_CLOSE -> new byte[0];
            case GARBAGE -> {
                byte[] garbage = new byte[1400];
                new Random(n).nextBytes(garbage);
                yield garbage;
            }
            case LARGE_HELLOS -> large();
            case ONE_BYTE_RECORDS, BYTE_BY_BYTE -> inRecordsOfOne(large());
            case TERMINAL_ESCAPES ->
                switch (n % 3) {
                    case 0 -> Hellos.hello(ESCAPES + ".test");
                    case 1 -> Hellos.hello(NAME, ESCAPES.getBytes(StandardCharsets.ISO_8859_1));
                    default ->
                        ("GET / HTTP/1.1\r\nHost: " + ESCAPES.strip() + "\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1);
                };
        };
    }

    private byte[] large() throws IOException {
        byte[][] names = new byte[this == LARGE_HELLOS ? 250 : 80][255];
        return Hellos.hello(NAME, names);
    }

    private static byte[] inRecordsOfOne(byte[] records) {
        ByteArrayOutputStream cut = new ByteArrayOutputStream();
        for (int at = 0; at < records.length; ) {
            int length = (records[at + 3] & 255) << 8 | records[at + 4] & 255;
            at += RECORD_HEADER;
            for (int end = at + length; at < end; at++) {
                cut.writeBytes(new byte[] {0x16, 3, 1, 0, 1, records[at]});
            }
        }
        return cut.toByteArray();
    }
}
