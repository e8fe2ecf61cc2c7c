package dev.portshare.cli.doctor;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A TCP socket that listens.
 *
 * @param waiting how many clients nobody has accepted yet
 */
record TcpListener(InetAddress address, int port, long waiting, String inode) {
    private static final String LISTEN = "0A";
    private static final int WORD = 4;

    /**
     * Reads a row of /proc/net/tcp or tcp6, proc(5): number, local address, remote address, state, queues, timer,
     * retransmissions, user, time-out, inode. Empty where it does not listen.
     */
    static Optional<TcpListener> parse(String row) {
        String[] fields = row.strip().split(" +", -1);
        if (fields.length < 10 || !fields[3].equals(LISTEN)) {
            return Optional.empty();
        }
        int colon = fields[1].indexOf(':');
        int port = Integer.parseInt(fields[1].substring(colon + 1), 16);
        long waiting = Long.parseLong(fields[4].substring(fields[4].indexOf(':') + 1), 16);
        return Optional.of(new TcpListener(address(fields[1].substring(0, colon)), port, waiting, fields[9]));
    }

    /** Words of four bytes, each as a number of this machine's, which is little-endian as all that portshare runs on. */
    private static InetAddress address(String digits) {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(digits)).order(ByteOrder.BIG_ENDIAN);
        for (int i = 0; i < bytes.capacity(); i += WORD) {
            bytes.putInt(i, Integer.reverseBytes(bytes.getInt(i)));
        }
        try {
            return InetAddress.getByAddress(bytes.array());
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of 4 or 16 bytes", e);
        }
    }
}
