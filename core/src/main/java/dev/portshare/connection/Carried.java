package dev.portshare.connection;

import dev.portshare.session.SessionState;
import org.jspecify.annotations.Nullable;

/**
 * A live connection on its way to another process, which goes on with it: {@link Connection#carry} tells what it is made of
 * and changes nothing, {@link Connection#Connection(Loop, Carried)} is the other end of the way. The descriptors are only named here; whoever
 * carries them has the kernel make them the other process's.
 *
 * @param header  the PROXY header of a trusted proxy's connection, as it came, empty where it is due; null: there is none to be
 * @param backend null before there is one, and where it has to be connected anew
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them, or changes what they hold.
public record Carried(
        SessionState session,
        byte @Nullable [] header,
        Stage stage,
        End client,
        @Nullable End backend) {
    /** How many descriptors are named here. */
    public int descriptors() {
        return client.descriptors() + (backend == null ? 0 : backend.descriptors());
    }

    /** How many bytes go with it that are in no socket or pipe. */
    public int size() {
        int head = stage instanceof Head(byte[] bytes) ? bytes.length : 0;
        return head
                + (header == null ? 0 : header.length)
                + client.bytes.length
                + (backend == null ? 0 : backend.bytes.length);
    }

    /** How far it has come. */
    public sealed interface Stage {}

    /**
     * No bytes have reached a backend.
     *
     * @param bytes what the client has sent so far
     */
    public record Head(byte[] bytes) implements Stage {}

    /** Bytes move both ways; a direction has ended when its FIN was read, and passed on. */
    public record Spliced(boolean clientEnded, boolean backendEnded) implements Stage {}

    /**
     * A socket, and what is on its way to it.
     *
     * @param delays whether TCP_NODELAY is still to be set
     * @param pipe   a pipe that holds bytes; null where there is none
     * @param bytes  those that go behind them
     */
    public record End(int fd, boolean delays, @Nullable PipeEnds pipe, byte[] bytes) {
        int descriptors() {
            return pipe == null ? 1 : 3;
        }
    }

    /** The descriptors of a pipe, and how many bytes it holds. */
    public record PipeEnds(int out, int in, int length) {}
}
