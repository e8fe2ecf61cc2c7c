package dev.portshare.listen;

import dev.portshare.detect.Classifier;
import dev.portshare.detect.openvpn.Proof;
import dev.portshare.replay.ReplayMemory;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Lets in those OpenVPN clients that have proven a key, each first packet once: OpenVPN over TCP answers a recorded one of any
 * age. Of any event loop.
 *
 * @param impatient for heads that were held for long enough: knows no OpenVPN; null where a route takes OpenVPN without a key,
 *                  which may take as long as any other protocol
 * @param window    how far a packet's time may be from {@code clock}'s; null: as far as it likes
 */
public record Admission(
        @Nullable Classifier impatient, @Nullable Duration window, ReplayMemory memory, InstantSource clock) {
    /** A packet's time is unsigned, of 32 bits. */
    private static final long TIMES = 1L << Integer.SIZE;

    /** Whether whoever sent {@code proof} is let in; that counts, until it is {@link #withdraw withdrawn}. */
    boolean admits(Proof proof) {
        return isInTime(proof) && memory.add(proof.tagHigh(), proof.tagLow());
    }

    /** It was let in, but nobody saw its packet. */
    void withdraw(Proof proof) {
        memory.remove(proof.tagHigh(), proof.tagLow());
    }

    private boolean isInTime(Proof proof) {
        if (window == null || proof.time() < 0) {
            return true;
        }
        // On the circle of all times, so that 2106 is not the end.
        long ahead = Math.floorMod(proof.time() - clock.instant().getEpochSecond(), TIMES);
        return Math.min(ahead, TIMES - ahead) <= window.toSeconds();
    }
}
