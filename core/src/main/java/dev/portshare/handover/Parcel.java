package dev.portshare.handover;

import dev.portshare.connection.Carried;
import dev.portshare.session.Endpoint;
import dev.portshare.session.SessionState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some connections as bytes and descriptors. The bytes begin with the version of their format: a program reads the versions
 * that it knows, its own and earlier ones.
 *
 * @param descriptors in the order in which the connections name them
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record Parcel(byte[] bytes, List<Integer> descriptors) {
    private static final int VERSION = 1;

    /** Packs {@code connections}. */
    static Parcel of(List<Carried> connections) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Integer> descriptors = new ArrayList<>();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(VERSION);
            out.writeInt(connections.size());
            for (Carried connection : connections) {
                write(out, connection, descriptors);
            }
        } catch (IOException e) {
            throw new AssertionError("memory takes everything", e);
        }
        return new Parcel(bytes.toByteArray(), descriptors);
    }

    /** Packs no connection, and {@code rest}, which a program that knows nothing of it leaves unread. */
    static Parcel of(byte[] rest) {
        Parcel none = of(List.of());
        byte[] bytes = Arrays.copyOf(none.bytes, none.bytes.length + rest.length);
        System.arraycopy(rest, 0, bytes, none.bytes.length, rest.length);
        return new Parcel(bytes, List.of());
    }

    /** What comes behind no connection, {@link #of(byte[])}; null: nothing, or there are some. */
    byte @Nullable [] rest() {
        int begin = 2 * Integer.BYTES;
        return descriptors.isEmpty() && bytes.length > begin ? Arrays.copyOfRange(bytes, begin, bytes.length) : null;
    }

    /**
     * Unpacks them.
     *
     * @throws IOException where the bytes are of no version that this program knows, or end early
     */
    List<Carried> connections() throws IOException {
        List<Carried> connections = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readInt();
            if (version != VERSION) {
                throw new IOException("version " + version + " of the format is unknown here");
            }
            Iterator<Integer> rest = descriptors.iterator();
            for (int count = in.readInt(); count > 0; count--) {
                connections.add(read(in, rest));
            }
        }
        return connections;
    }

    private static void write(DataOutputStream out, Carried connection, List<Integer> descriptors) throws IOException {
        write(out, connection.session());
        byte[] header = connection.header();
        out.writeBoolean(header != null);
        if (header != null) {
            write(out, header);
        }
        switch (connection.stage()) {
            case Carried.Head(byte[] head) -> {
                out.writeBoolean(false);
                write(out, head);
            }
            case Carried.Spliced(boolean clientEnded, boolean backendEnded) -> {
                out.writeBoolean(true);
                out.writeBoolean(clientEnded);
                out.writeBoolean(backendEnded);
            }
        }
        write(out, connection.client(), descriptors);
        out.writeBoolean(connection.backend() != null);
        if (connection.backend() != null) {
            write(out, connection.backend(), descriptors);
        }
    }

    private static Carried read(DataInputStream in, Iterator<Integer> descriptors) throws IOException {
        SessionState session = readSession(in);
        byte[] header = in.readBoolean() ? readBytes(in) : null;
        Carried.Stage stage = in.readBoolean()
                ? new Carried.Spliced(in.readBoolean(), in.readBoolean())
                : new Carried.Head(readBytes(in));
        Carried.End client = readEnd(in, descriptors);
        return new Carried(session, header, stage, client, in.readBoolean() ? readEnd(in, descriptors) : null);
    }

    private static void write(DataOutputStream out, Carried.End end, List<Integer> descriptors) throws IOException {
        descriptors.add(end.fd());
        out.writeBoolean(end.delays());
        Carried.PipeEnds pipe = end.pipe();
        out.writeInt(pipe == null ? 0 : pipe.length());
        if (pipe != null) {
            descriptors.add(pipe.out());
            descriptors.add(pipe.in());
        }
        write(out, end.bytes());
    }

    private static Carried.End readEnd(DataInputStream in, Iterator<Integer> descriptors) throws IOException {
        int fd = descriptors.next();
        boolean delays = in.readBoolean();
        int length = in.readInt();
        Carried.PipeEnds pipe =
                length == 0 ? null : new Carried.PipeEnds(descriptors.next(), descriptors.next(), length);
        return new Carried.End(fd, delays, pipe, readBytes(in));
    }

    private static void write(DataOutputStream out, SessionState state) throws IOException {
        write(out, state.listener());
        Endpoint peer = state.peer();
        out.writeBoolean(peer != null);
        if (peer != null) {
            out.writeLong(peer.high());
            out.writeLong(peer.low());
            out.writeInt(peer.port());
            out.writeInt(peer.scope());
        }
        write(out, state.protocol());
        write(out, state.serverName());
        out.writeInt(state.applicationProtocols().size());
        for (String name : state.applicationProtocols()) {
            write(out, name);
        }
        write(out, state.route());
        write(out, state.backend());
        out.writeLong(state.accepted());
        out.writeLong(state.decided());
        out.writeLong(state.connected());
        out.writeLong(state.in());
        out.writeLong(state.out());
    }

    private static SessionState readSession(DataInputStream in) throws IOException {
        String listener = String.valueOf(readText(in));
        Endpoint peer =
                in.readBoolean() ? new Endpoint(in.readLong(), in.readLong(), in.readInt(), in.readInt()) : null;
        String protocol = readText(in);
        String serverName = readText(in);
        List<String> applicationProtocols = new ArrayList<>();
        for (int count = in.readInt(); count > 0; count--) {
            applicationProtocols.add(String.valueOf(readText(in)));
        }
        return new SessionState(
                listener,
                peer,
                protocol,
                serverName,
                List.copyOf(applicationProtocols),
                readText(in),
                readText(in),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong());
    }

    private static void write(DataOutputStream out, @Nullable String text) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            write(out, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static @Nullable String readText(DataInputStream in) throws IOException {
        return in.readBoolean() ? new String(readBytes(in), StandardCharsets.UTF_8) : null;
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the bytes end early");
        }
        return bytes;
    }
}
