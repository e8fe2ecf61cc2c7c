package dev.portshare.replay;

/** Tags as those of packets are: 128 bits that look random, and differ. Two long values by a number. */
final class Tags {
    private Tags() {}

    static long high(long number) {
        return mix(2 * number);
    }

    static long low(long number) {
        return mix(2 * number + 1);
    }

    static boolean add(ReplayMemory memory, long number) {
        return memory.add(high(number), low(number));
    }

    /** The finalizer of SplitMix64, a bijection. */
    private static long mix(long number) {
        long z = number + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
