package dev.portshare.it.probe;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client does that wants to find out who listens.
 *
 * @param name   for people
 * @param waits  whether what it sends first may begin a packet that OpenVPN's keys could prove, so that a front that knows
 *               the keys may wait a moment for more
 * @param steps  one after the other; behind the last it waits for the end
 */
public record Probe(String name, boolean waits, List<Step> steps) {
    /** One thing that a client does. */
    public interface Step {
        /** @throws IOException the connection is gone for writing, which is something to see */
        void take(Prober prober) throws IOException, InterruptedException;
    }

    /** Reads from the start, as whoever waits for an answer does. */
    public static Probe of(String name, Step... steps) {
        List<Step> all = new ArrayList<>(List.of(steps));
        all.addFirst(Prober::read);
        return new Probe(name, false, all);
    }

    /** Begins to read only behind {@code steps}. */
    public static Probe deaf(String name, Step... steps) {
        List<Step> all = new ArrayList<>(List.of(steps));
        all.add(Prober::read);
        return new Probe(name, false, all);
    }

    /** The same, marked: its first bytes may begin a packet of OpenVPN. */
    public Probe waiting() {
        return new Probe(name, true, steps);
    }

    /** All at once. */
    public static Step send(byte[] bytes) {
        return prober -> prober.send(bytes, 0, bytes.length);
    }

    /** The first {@code count} of them. */
    public static Step send(byte[] bytes, int count) {
        return prober -> prober.send(bytes, 0, count);
    }

    /** From there on. */
    public static Step rest(byte[] bytes, int from) {
        return prober -> prober.send(bytes, from, bytes.length);
    }

    /** One after the other, until the server ends. */
    public static Step trickle(byte[] bytes, Duration period) {
        return prober -> {
            for (int i = 0; i < bytes.length && !prober.hasEnded(); i++) {
                prober.send(bytes, i, i + 1);
                prober.pause(period);
            }
        };
    }

    /** Waits so long, or until the server ends. */
    public static Step pause(long millis) {
        return prober -> prober.pause(Duration.ofMillis(millis));
    }

    /** Waits so long, also when the server has ended. */
    public static Step idle(long millis) {
        return prober -> prober.idle(Duration.ofMillis(millis));
    }

    public static Step untilTheEnd() {
        return prober -> prober.pause(Prober.BOUND);
    }

    /** Ends the outgoing direction with a FIN. */
    public static Step halfClose() {
        return Prober::halfClose;
    }

    /** Ends the connection with a RST, so that there is nothing more to see. */
    public static Step reset() {
        return Prober::reset;
    }

    @Override
    public String toString() {
        return name;
    }
}
