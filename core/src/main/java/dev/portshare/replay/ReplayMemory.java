package dev.portshare.replay;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the last {@value #PACKETS} packets that were added, those that were removed again counted with them; the next one
 * takes the place of the oldest. A packet is known by 128 bits of its authentication code: nobody without the key can choose
 * them, so two packets that have them in common are one packet and its copy.
 *
 * <p>Of any thread. Takes memory as it fills: an empty one next to none, a full one 1.5 MiB.
 */
public final class ReplayMemory implements AutoCloseable {
    /** How many packets are remembered. */
    public static final int PACKETS = 65_536;

    private final Ring ring;
    private final TagIndex index;
    private final @Nullable DirectoryLock lock;
    private final @Nullable String warning;
    private boolean closed;

    private ReplayMemory(Ring ring, TagIndex index, @Nullable DirectoryLock lock, @Nullable String warning) {
        this.ring = ring;
        this.index = index;
        this.lock = lock;
        this.warning = warning;
    }

    /** An empty one that ends with the process. */
    public static ReplayMemory inMemory() {
        return inMemory(PACKETS);
    }

    static ReplayMemory inMemory(int packets) {
        Ring ring = Ring.inMemory(packets);
        return new ReplayMemory(ring, new TagIndex(ring), null, null);
    }

    /**
     * The one that lies in {@code directory}, and outlives the process, also where that is killed: what {@link #add} has
     * returned for is kept by the kernel. What a loss of power takes are the packets of the last half a minute. The directory is
     * made where only it is missing. A file there that is none of this program's, or is broken, is set aside
     * ({@link #warning}).
     *
     * @throws IOException saying what to do, where the directory cannot be used, or another process has it
     */
    public static ReplayMemory open(Path directory) throws IOException {
        return open(directory, PACKETS);
    }

    static ReplayMemory open(Path directory, int packets) throws IOException {
        DirectoryLock lock = null;
        try {
            lock = DirectoryLock.take(directory);
            RingFile file = new RingFile(directory, packets);
            String warning = file.prepare();
            Ring ring = file.map();
            TagIndex index = new TagIndex(ring);
            file.read(ring, index);
            ReplayMemory memory = new ReplayMemory(ring, index, lock, warning);
            lock = null;
            return memory;
        } catch (IOException e) {
            throw Remedies.of(directory, e);
        } finally {
            if (lock != null) {
                lock.release();
            }
        }
    }

    /** What the operator should know of how it was opened, one line; null: nothing. */
    public @Nullable String warning() {
        return warning;
    }

    /**
     * Remembers a packet.
     *
     * @return whether it is new; of several threads that add the same one, exactly one gets true
     */
    public synchronized boolean add(long high, long low) {
        long tail = tail(high, low);
        check();
        if (index.find(high, tail) >= 0) {
            return false;
        }
        int slot = ring.next();
        if (ring.isTaken(slot)) {
            index.remove(slot);
        }
        ring.append(high, tail);
        index.put(slot);
        return true;
    }

    /** Forgets a packet, for one whose connection will be decided anew; one that is not known is none. */
    public synchronized void remove(long high, long low) {
        check();
        int slot = index.find(high, tail(high, low));
        if (slot >= 0) {
            index.remove(slot);
            ring.clear(slot);
        }
    }

    /** Whether it forgets nothing when the process ends. */
    public boolean isKept() {
        return lock != null;
    }

    /** Leaves the directory to the next process; nothing can be added any more. Later calls do nothing. */
    @Override
    public synchronized void close() {
        if (!closed && lock != null) {
            lock.release();
        }
        closed = true;
    }

    private void check() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
    }

    /** A slot of zeros is a free one; a packet of zeros, one in 2^128, is taken for the one beside it. */
    private static long tail(long high, long low) {
        return (high | low) == 0 ? 1 : low;
    }
}
