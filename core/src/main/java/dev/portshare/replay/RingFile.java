package dev.portshare.replay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Ring} in a file of fixed size. Links are not followed: root may open it in a directory that is another user's. Whoever
 * uses it has the {@link DirectoryLock}.
 */
final class RingFile {
    static final String NAME = "openvpn-packets";
    static final String BROKEN = NAME + ".broken";
    static final FileAttribute<Set<PosixFilePermission>> OWNERS_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final String BEGUN = NAME + ".new";
    private static final int CHUNK = 512 * Ring.SLOT;

    private final Path directory;
    private final Path file;
    private final int slots;

    RingFile(Path directory, int slots) {
        this.directory = directory;
        file = directory.resolve(NAME);
        this.slots = slots;
    }

    /**
     * Sees to it that the file is there, and a ring.
     *
     * @return what the operator should know of what was there; null: nothing
     */
    @Nullable
    String prepare() throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            create();
            return null;
        }
        String flaw = flaw();
        if (flaw == null) {
            return null;
        }
        Path aside = directory.resolve(BROKEN);
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        create();
        return file + " " + flaw + ": it was moved to " + aside + ", and a new one begun, so what it remembered is"
                + " forgotten: a recorded first packet of an OpenVPN"
                + " client is taken for a new one once more. Nothing"
                + " is to be done; if this happens again, look at the"
                + " disk.";
    }

    /** Under another name first: one that was begun and not ended is no broken one. */
    private void create() throws IOException {
        Path begun = directory.resolve(BEGUN);
        Files.deleteIfExists(begun);
        try (FileChannel channel = FileChannel.open(
                begun, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), OWNERS_ALONE)) {
            write(channel, Ring.header(slots));
            // Zeros rather than a hole: where the disk is full this fails here, not with a signal when a slot is
            // written.
            ByteBuffer zeros = ByteBuffer.allocate(CHUNK);
            for (int slot = 0; slot < slots; slot += CHUNK / Ring.SLOT) {
                write(channel, zeros.clear().limit(Math.min(CHUNK, (slots - slot) * Ring.SLOT)));
            }
        }
        Files.move(begun, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** What is wrong with the file; null: nothing. */
    private @Nullable String flaw() throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            return "is no file";
        }
        try (FileChannel channel = open(StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(Ring.HEADER);
            read(channel, header, 0);
            if (header.hasRemaining() || header.getLong(Ring.MAGIC_AT) != Ring.MAGIC) {
                return "is none of portshare's";
            }
            if (header.getInt(Ring.VERSION_AT) != Ring.VERSION || header.getInt(Ring.SLOTS_AT) != slots) {
                return "is one of another version of portshare";
            }
            int next = header.getInt(Ring.NEXT_AT);
            return channel.size() != Ring.size(slots) || next < 0 || next >= slots ? "is broken" : null;
        }
    }

    Ring map() throws IOException {
        try (FileChannel channel = open(StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return Ring.over(channel.map(MapMode.READ_WRITE, 0, Ring.size(slots)), slots);
        }
    }

    /**
     * Puts every slot of {@code ring}, which is mapped to this file, into {@code index}, but for the free ones. Reads the file rather
     * than the mapped memory, so that its pages stay untouched.
     */
    void read(Ring ring, TagIndex index) throws IOException {
        try (FileChannel channel = open(StandardOpenOption.READ)) {
            read(channel, ring, index, ring.next(), slots);
            read(channel, ring, index, 0, ring.next());
        }
    }

    /** From the oldest on: where a loss of power has left a tag in two slots, the younger one keeps it. */
    private static void read(FileChannel channel, Ring ring, TagIndex index, int from, int to) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        int slot = from;
        while (slot < to) {
            chunk.clear().limit(Math.min(CHUNK, (to - slot) * Ring.SLOT));
            read(channel, chunk, Ring.at(slot));
            if (chunk.hasRemaining()) {
                throw new IOException("somebody cuts its file short");
            }
            chunk.flip();
            while (chunk.hasRemaining()) {
                long high = chunk.getLong();
                long low = chunk.getLong();
                if ((high | low) != 0) {
                    int older = index.find(high, low);
                    if (older >= 0) {
                        index.remove(older);
                        ring.clear(older);
                    }
                    index.put(slot);
                }
                slot++;
            }
        }
    }

    private static void read(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        int count = 0;
        while (bytes.hasRemaining() && count >= 0) {
            count = channel.read(bytes, at + bytes.position());
        }
    }

    private FileChannel open(StandardOpenOption... how) throws IOException {
        Set<OpenOption> options = new HashSet<>(Set.of(how));
        options.add(LinkOption.NOFOLLOW_LINKS);
        return FileChannel.open(file, options);
    }
}
