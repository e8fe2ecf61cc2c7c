package dev.portshare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.LifeModel.Stage;
import dev.portshare.config.ConfigurationException;
import dev.portshare.config.RouteFile;
import dev.portshare.connection.Connection;
import dev.portshare.connection.Loop;
import dev.portshare.handover.Handover;
import dev.portshare.listen.ListenException;
import dev.portshare.os.FileDescriptors;
import dev.portshare.os.SocketPair;
import dev.portshare.session.CloseReason;
import dev.portshare.session.ConnectionRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One connection between real sockets, for events to meet it: one after the other, or two in one turn of its event loop. */
final class LifeScene implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LifeWorld world;
    private final LifePeers peers;
    private LifeModel model;
    /** Of an end in a process that has handed on all others. */
    private @Nullable ConnectionRecord end;

    /** A new connection: a client that has sent nothing, where that makes a backend's; else some bytes. */
    LifeScene(LifeWorld world) throws Exception {
        this.world = world;
        peers = new LifePeers(world);
        model = LifeOrder.start(world.early, world.kind);
        if (!world.early) {
            peers.act(LifeEvent.PARTIAL);
        }
        Loop loop = world.loop();
        long start = System.nanoTime();
        while (LifeWorld.result(loop.submit(loop::live)) == 0) {
            assertThat(System.nanoTime() - start).as("nanoseconds to accept").isLessThan(PATIENCE.toNanos());
            world.settle();
        }
        see(false);
    }

    /** {@code event} alone, and what is seen of it on both sides. */
    void meet(LifeEvent event) throws Exception {
        boolean hadServer = peers.hasServer();
        boolean other = model.toOther;
        model = model.after(event);
        act(event).call();
        world.settle();
        if (event == LifeEvent.HAND_ON && model.stage != Stage.SPLICED || hadServer && model.toOther != other) {
            peers.forgetServer();
        }
        see(true);
    }

    /** Both before the event loop's next turn. What the event loop itself is to do comes first in that. */
    void meetAtOnce(LifeEvent one, LifeEvent two) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch stands = new CountDownLatch(1);
        world.loop().execute(() -> {
            stands.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stands.await();
        Callable<?> first;
        Callable<?> second;
        try {
            first = act(one);
            second = act(two);
        } finally {
            go.countDown();
        }
        first.call();
        second.call();
        world.settle();
    }

    /** Begins {@code event}; what is returned waits for it where it is the event loop's to do. */
    private Callable<?> act(LifeEvent event) throws Exception {
        Portshare portshare = world.front().portshare;
        Loop loop = world.loop();
        switch (event) {
            case HEAD_DUE -> {
                return expire("HeadReader");
            }
            case CONNECT_DUE -> {
                return expire("Connecting");
            }
            case IDLE_DUE -> {
                return expire("Splice");
            }
            case RELOAD -> {
                return wait(CompletableFuture.runAsync(() -> reload(portshare)));
            }
            case DRAIN -> {
                return wait(CompletableFuture.runAsync(portshare::drain));
            }
            case STOP -> {
                return wait(CompletableFuture.runAsync(portshare::close));
            }
            case KILL -> {
                var task = loop.submit(() -> loop.connections().forEach(each -> each.close(CloseReason.KILLED)));
                return () -> LifeWorld.result(task);
            }
            case HAND_ON -> {
                SocketPair pair = SocketPair.open();
                var task = CompletableFuture.supplyAsync(() -> portshare.handOn(new Handover(pair.one())));
                return () -> {
                    LifeWorld.result(LifeWorld.result(task));
                    goOn(pair);
                    return "";
                };
            }
            default -> {
                peers.act(event);
                return () -> "";
            }
        }
    }

    private static Callable<?> wait(CompletableFuture<Void> task) {
        return () -> LifeWorld.result(task);
    }

    private void reload(Portshare portshare) {
        try {
            portshare.reload(RouteFile.parse("new.yaml", world.yaml(true), Path.of(".")));
        } catch (ListenException e) {
            // It is being stopped.
            assertThat(portshare.isDraining() || portshare.loops().getFirst().isShuttingDown())
                    .isTrue();
        } catch (ConfigurationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Callable<?> expire(String kind) throws Exception {
        LifeAccounts accounts = world.accounts();
        var task = world.loop().submit(() -> accounts.ticking().expire(kind));
        return () -> LifeWorld.result(task);
    }

    private void goOn(SocketPair pair) throws Exception {
        Front before = world.front();
        ConnectionRecord record = before.record();
        boolean goesOn = record.close() == CloseReason.HANDED_ON;
        assertThat(before.hasNoRecord()).as("one record").isTrue();
        if (!goesOn) {
            end = record;
            world.check();
        }
        world.succeed();
        int taken = world.front().portshare.takeOver(pair.other());
        assertThat(taken).as("connections taken over").isEqualTo(goesOn ? 1 : 0);
        FileDescriptors.close(pair.one());
        world.end(before);
    }

    /** Both peers see what the model says that they see, and nothing else has ended it. */
    private void see(boolean bytes) throws Exception {
        if (model.stage == Stage.ENDED) {
            return;
        }
        peers.seeServer(model);
        if (bytes && model.stage == Stage.SPLICED) {
            peers.seeBytes(model);
        }
        assertThat(world.front().hasNoRecord()).as("it lives").isTrue();
    }

    /** Ends it, where nothing has: why it ended, of which there is one record; and all is given back. */
    CloseReason finish() throws Exception {
        ConnectionRecord record = end;
        if (record == null) {
            if (model.stage != Stage.ENDED && world.runs()) {
                Loop loop = world.loop();
                for (Connection each : LifeWorld.result(loop.submit(loop::connections))) {
                    var _ = LifeWorld.result(world.front().portshare.telemetry().kill(each.id()));
                }
            }
            record = world.front().record();
            world.settle();
            world.check();
        }
        assertThat(world.front().hasNoRecord()).as("one record").isTrue();
        return record.close();
    }

    @Override
    public void close() throws IOException {
        peers.close();
    }
}
