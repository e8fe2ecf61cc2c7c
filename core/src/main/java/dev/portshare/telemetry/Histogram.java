package dev.portshare.telemetry;

/** How long something took: how often up to each of a row of bounds, and how long in all. For one thread at a time. */
public final class Histogram {
    private final double[] bounds;
    private final long[] nanoBounds;
    private final long[] counts;
    private long nanos;

    /** @param bounds in seconds, ascending */
    Histogram(double... bounds) {
        this.bounds = bounds;
        nanoBounds = new long[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            nanoBounds[i] = Math.round(bounds[i] * 1e9);
        }
        counts = new long[bounds.length + 1];
    }

    private Histogram(Histogram like) {
        bounds = like.bounds;
        nanoBounds = like.nanoBounds;
        counts = new long[like.counts.length];
    }

    /** An empty one with the same bounds. */
    Histogram another() {
        return new Histogram(this);
    }

    void count(long nanos) {
        int bucket = 0;
        while (bucket < nanoBounds.length && nanos > nanoBounds[bucket]) {
            bucket++;
        }
        counts[bucket]++;
        this.nanos += nanos;
    }

    void add(Histogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        nanos += other.nanos;
    }

    /** The bounds in seconds; behind the last one comes infinity. */
    public double[] bounds() {
        return bounds.clone();
    }

    /** How many took no longer than bound {@code bucket}; for the bucket behind the last bound, all. */
    public long upTo(int bucket) {
        long sum = 0;
        for (int i = 0; i <= bucket; i++) {
            sum += counts[i];
        }
        return sum;
    }

    public long count() {
        return upTo(counts.length - 1);
    }

    /** How long all of them took together. */
    public double seconds() {
        return nanos / 1e9;
    }
}
