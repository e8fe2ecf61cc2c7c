package dev.portshare.telemetry;

/** What every live connection had moved at one moment, under its id: arrays alone, since there may be tens of thousands. */
final class ByteSample {
    private static final int SMALLEST = 64;

    final long nanos;
    /** One more than the id; 0: a free place. */
    private long[] keys = new long[SMALLEST];

    private long[] in = new long[SMALLEST];
    private long[] out = new long[SMALLEST];
    private int size;

    /** Empty, of the moment {@code nanos} ({@link System#nanoTime}). */
    ByteSample(long nanos) {
        this.nanos = nanos;
    }

    void put(long id, long in, long out) {
        if (2 * size > keys.length) {
            grow();
        }
        int place = place(id);
        if (keys[place] == 0) {
            keys[place] = id + 1;
            size++;
        }
        this.in[place] = in;
        this.out[place] = out;
    }

    /** Bytes from client to backend; 0 where the connection was not there. */
    long in(long id) {
        return in[place(id)];
    }

    /** Bytes from backend to client; 0 where the connection was not there. */
    long out(long id) {
        return out[place(id)];
    }

    /** Where {@code id} stands, or would. Ids are consecutive, nearly: they spread by themselves. */
    private int place(long id) {
        int place = (int) id & keys.length - 1;
        while (keys[place] != 0 && keys[place] != id + 1) {
            place = place + 1 & keys.length - 1;
        }
        return place;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldIn = in;
        long[] oldOut = out;
        keys = new long[2 * oldKeys.length];
        in = new long[keys.length];
        out = new long[keys.length];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                put(oldKeys[i] - 1, oldIn[i], oldOut[i]);
            }
        }
    }
}
