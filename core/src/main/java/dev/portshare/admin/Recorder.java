package dev.portshare.admin;

import dev.portshare.telemetry.History;
import dev.portshare.telemetry.Lags;
import dev.portshare.telemetry.Telemetry;
import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Keeps the last hour, and how long event loops had tasks wait, on the admin interface's own thread. */
final class Recorder implements Executor {
    private static final long STEP_SECONDS = History.STEP.toSeconds();

    private final EventLoop thread;
    private final Telemetry telemetry;
    private final Lags lags;
    private final History history = new History();
    private long seconds;

    Recorder(EventLoop thread, Telemetry telemetry) {
        this.thread = thread;
        this.telemetry = telemetry;
        this.lags = new Lags(telemetry);
    }

    /** Begins, and goes on until the thread ends. */
    void start() {
        var _ = thread.scheduleAtFixedRate(this::tick, 0, 1, TimeUnit.SECONDS);
    }

    private void tick() {
        lags.tick();
        if (seconds++ % STEP_SECONDS == 0) {
            var _ = telemetry.totals().thenAcceptAsync(history::add, thread);
        }
    }

    Lags lags() {
        return lags;
    }

    /** On the thread alone. */
    History history() {
        return history;
    }

    @Override
    public void execute(Runnable task) {
        thread.execute(task);
    }
}
