package dev.portshare.connection;

import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The empty pipes of one event loop. A connection has one while its bytes move, so a few serve all. */
final class Pipes {
    /** How many empty ones are kept: enough for as many receivers that become full and free again in one turn. */
    private static final int KEPT = 16;

    private final ArrayDeque<Pipe> empty = new ArrayDeque<>(KEPT);

    /** Begins to prepare what pipes need, which takes a while. */
    static void prepare() {
        Thread.ofPlatform().daemon().name("pipes").start(PipeSize::prepare);
    }

    /** An empty pipe; null where no descriptors are left for one, or they are not prepared yet: copying has to do. */
    @Nullable
    Pipe take() {
        Pipe pipe = empty.pollLast();
        if (pipe != null) {
            return pipe;
        }
        try {
            return PipeSize.isPrepared() ? Pipe.open() : null;
        } catch (IOException _) {
            return null;
        }
    }

    /** Takes {@code pipe} back; one that still holds bytes is closed, and they are lost. */
    void give(Pipe pipe) {
        if (pipe.isEmpty() && empty.size() < KEPT) {
            empty.addLast(pipe);
        } else {
            pipe.close();
        }
    }

    /** Closes the kept ones. */
    void close() {
        empty.forEach(Pipe::close);
        empty.clear();
    }
}
