package dev.portshare.handover;

import dev.portshare.connection.Carried;
import dev.portshare.os.DescriptorMessage;
import dev.portshare.os.ErrnoException;
import dev.portshare.os.FileDescriptors;
import dev.portshare.os.MemoryFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Receives the connections that the process before sent, {@link Handover}. */
public final class Takeover {
    private static final Logger LOG = LogManager.getLogger(Takeover.class);

    private Takeover() {}

    /**
     * Gives each connection that waits in {@code socket} to {@code taker}, whose their descriptors are from then on, and closes the
     * socket. Those that this program cannot read are closed, and the log says so.
     *
     * @param rest gets what that process knew besides, as {@link Handover#send(byte[])} was given it
     */
    public static void receive(int socket, Consumer<Carried> taker, Consumer<byte[]> rest) {
        try {
            int[] descriptors = DescriptorMessage.receive(socket);
            while (descriptors != null) {
                unpack(descriptors, rest).forEach(taker);
                descriptors = DescriptorMessage.receive(socket);
            }
        } catch (ErrnoException e) {
            LOG.warn("cannot take over connections of the process before: {}", e.getMessage());
        } finally {
            FileDescriptors.close(socket);
        }
    }

    private static List<Carried> unpack(int[] descriptors, Consumer<byte[]> rest) {
        List<Integer> all = new ArrayList<>();
        for (int descriptor : descriptors) {
            all.add(descriptor);
        }
        try {
            byte[] bytes = Files.readAllBytes(MemoryFile.path(descriptors[0]));
            Parcel parcel = new Parcel(bytes, all.subList(1, all.size()));
            List<Carried> connections = parcel.connections();
            byte[] more = parcel.rest();
            if (more != null) {
                rest.accept(more);
            }
            FileDescriptors.close(descriptors[0]);
            return connections;
        } catch (IOException | RuntimeException e) {
            LOG.warn("connections of the process before end here, since they cannot be read: {}", e.getMessage());
            all.forEach(FileDescriptors::close);
            return List.of();
        }
    }
}
