package dev.portshare.route;

import dev.portshare.session.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Any number of address blocks, kept as the ranges that they make up together: sorted, none beside another. A look-up is one
 * binary search without branches, and allocates nothing. A large set is searched among those ranges only that begin in the same part
 * of the space as the address, of 65,536 parts: 1 or 2 of 100,000 that are spread evenly, and never more than 16 steps in IPv4.
 */
public final class CidrSet {
    private static final Comparator<Cidr> BY_ADDRESS = (a, b) -> compare(a.high(), a.low(), b.high(), b.low());
    private static final int WIDTH = 4;
    /** The number of ranges from which on an index is worth its 256 KB. */
    private static final int LARGE = 2048;

    /** Of each range the first address and, in the lower half, the last. */
    private final long[] ipv4;
    /** For each number of 16 bits, and for the one behind the last, how many ranges of {@link #ipv4} begin with a lesser one; empty: the set is small. */
    private final int[] index;
    /** Of each range the first address and the last, two longs each. */
    private final long[] ipv6;
    /** Of each range the upper half of the first address, less 2^63, so that their order is that of signed numbers. */
    private final long[] begins;
    /** By how many bits the distance from the first of {@link #begins} is to be shifted for the number of its part. */
    private final int shift;
    /** For each part of the space between the first and the last of them, and for one behind, how many begin before it; empty: the set is small. */
    private final int[] parts;

    private CidrSet(long[] ipv4, long[] ipv6) {
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
        index = ipv4.length < LARGE ? new int[0] : index(ipv4);
        begins = new long[ipv6.length / WIDTH];
        for (int place = 0; place < begins.length; place++) {
            begins[place] = ipv6[WIDTH * place] + Long.MIN_VALUE;
        }
        boolean isLarge = begins.length >= LARGE;
        shift = isLarge ? Math.max(0, 48 - Long.numberOfLeadingZeros(begins[begins.length - 1] - begins[0])) : 0;
        parts = isLarge ? parts(begins, shift) : new int[0];
    }

    private static int[] parts(long[] begins, int shift) {
        int[] parts = new int[(int) (begins[begins.length - 1] - begins[0] >>> shift) + 2];
        int place = 0;
        for (int part = 0; part < parts.length; part++) {
            while (place < begins.length && begins[place] - begins[0] >>> shift < part) {
                place++;
            }
            parts[part] = place;
        }
        return parts;
    }

    private static int[] index(long[] ranges) {
        int[] index = new int[(1 << 16) + 1];
        int place = 0;
        for (int number = 0; number < index.length; number++) {
            while (place < ranges.length && ranges[place] >>> 48 < number) {
                place++;
            }
            index[number] = place;
        }
        return index;
    }

    /** The set of {@code blocks}; none contain nobody. */
    public static CidrSet of(Collection<Cidr> blocks) {
        List<Cidr> sorted = new ArrayList<>(blocks);
        sorted.sort(BY_ADDRESS);
        long[] ipv4 = new long[sorted.size()];
        long[] ipv6 = new long[WIDTH * sorted.size()];
        int end4 = 0;
        int end6 = 0;
        for (Cidr block : sorted) {
            long lastHigh = block.high() | ~Cidr.highMask(block.prefixLength());
            long lastLow = block.low() | ~Cidr.lowMask(block.prefixLength());
            if (block.isIpv4()) {
                end4 = add(ipv4, end4, block.low() & 0xffff_ffffL, lastLow & 0xffff_ffffL);
            } else {
                end6 = add(ipv6, end6, block.high(), block.low(), lastHigh, lastLow);
            }
        }
        return new CidrSet(Arrays.copyOf(ipv4, end4), Arrays.copyOf(ipv6, end6));
    }

    private static int add(long[] ranges, int end, long first, long last) {
        if (end > 0 && first <= (ranges[end - 1] & 0xffff_ffffL) + 1) {
            long before = ranges[end - 1];
            ranges[end - 1] = before & ~0xffff_ffffL | Math.max(before & 0xffff_ffffL, last);
            return end;
        }
        ranges[end] = first << 32 | last;
        return end + 1;
    }

    private static int add(long[] ranges, int end, long firstHigh, long firstLow, long lastHigh, long lastLow) {
        if (end > 0 && meets(firstHigh, firstLow, ranges[end - 2], ranges[end - 1])) {
            if (compare(lastHigh, lastLow, ranges[end - 2], ranges[end - 1]) > 0) {
                ranges[end - 2] = lastHigh;
                ranges[end - 1] = lastLow;
            }
            return end;
        }
        ranges[end] = firstHigh;
        ranges[end + 1] = firstLow;
        ranges[end + 2] = lastHigh;
        ranges[end + 3] = lastLow;
        return end + WIDTH;
    }

    /** Whether nothing lies between what ends with the latter address and what begins with the former. */
    private static boolean meets(long high, long low, long lastHigh, long lastLow) {
        return compare(high, low, lastHigh, lastLow) <= 0
                || low == lastLow + 1 && high == (low == 0 ? lastHigh + 1 : lastHigh);
    }

    private static int compare(long aHigh, long aLow, long bHigh, long bLow) {
        int high = Long.compareUnsigned(aHigh, bHigh);
        return high == 0 ? Long.compareUnsigned(aLow, bLow) : high;
    }

    /** Whether one of the blocks contains {@code client}. */
    public boolean contains(Endpoint client) {
        return client.isIpv4()
                ? contains(client.low() & 0xffff_ffffL, client.low() & 0xffff_ffffL)
                : contains(client.high(), client.low(), client.high(), client.low());
    }

    /** Whether the blocks together contain all of {@code block}. */
    boolean covers(Cidr block) {
        long lastHigh = block.high() | ~Cidr.highMask(block.prefixLength());
        long lastLow = block.low() | ~Cidr.lowMask(block.prefixLength());
        return block.isIpv4()
                ? contains(block.low() & 0xffff_ffffL, lastLow & 0xffff_ffffL)
                : contains(block.high(), block.low(), lastHigh, lastLow);
    }

    private boolean contains(long first, long last) {
        int place = 0;
        int left = ipv4.length;
        if (index.length > 0) {
            int number = (int) (first >>> 16);
            // The range in front of them may reach as far.
            place = Math.max(0, index[number] - 1);
            left = index[number + 1] - place;
        }
        // Halves without a branch: which half it is cannot be predicted.
        for (; left > 1; left -= left >>> 1) {
            int middle = place + (left >>> 1);
            place = ipv4[middle] >>> 32 <= first ? middle : place;
        }
        return ipv4.length > 0 && ipv4[place] >>> 32 <= first && last <= (ipv4[place] & 0xffff_ffffL);
    }

    private boolean contains(long firstHigh, long firstLow, long lastHigh, long lastLow) {
        long begin = firstHigh + Long.MIN_VALUE;
        int place = 0;
        int left = begins.length;
        if (parts.length > 0 && begin > begins[0]) {
            int part = begin >= begins[left - 1] ? parts.length - 2 : (int) (begin - begins[0] >>> shift);
            place = Math.max(0, parts[part] - 1);
            left = parts[part + 1] - place;
        }
        for (; left > 1; left -= left >>> 1) {
            int middle = place + (left >>> 1);
            place = begins[middle] <= begin ? middle : place;
        }
        if (begins.length > 0 && begins[place] == begin && !begins(place, firstHigh, firstLow)) {
            place = placeBefore(place, firstHigh, firstLow);
        }
        return ipv6.length > 0
                && begins(place, firstHigh, firstLow)
                && compare(lastHigh, lastLow, ipv6[WIDTH * place + 2], ipv6[WIDTH * place + 3]) <= 0;
    }

    /** As the search above, where several ranges begin in the same /64 network, and that at {@code end} is too late. */
    private int placeBefore(int end, long high, long low) {
        int place = 0;
        for (int left = end; left > 1; left -= left >>> 1) {
            int middle = place + (left >>> 1);
            place = begins(middle, high, low) ? middle : place;
        }
        return place;
    }

    /** Whether the range at {@code place} begins with that address, or before it. */
    private boolean begins(int place, long high, long low) {
        return compare(ipv6[WIDTH * place], ipv6[WIDTH * place + 1], high, low) <= 0;
    }

    /** Whether it contains nobody. */
    public boolean isEmpty() {
        return ipv4.length + ipv6.length == 0;
    }

    /** The fewest blocks that contain the same, by their addresses, those of IPv4 first. */
    public List<Cidr> blocks() {
        List<Cidr> blocks = new ArrayList<>(ipv4.length + ipv6.length / WIDTH);
        for (long range : ipv4) {
            split(0, Cidr.MAPPED | range >>> 32, 0, Cidr.MAPPED | range & 0xffff_ffffL, blocks);
        }
        for (int i = 0; i < ipv6.length; i += WIDTH) {
            split(ipv6[i], ipv6[i + 1], ipv6[i + 2], ipv6[i + 3], blocks);
        }
        return blocks;
    }

    private static void split(long firstHigh, long firstLow, long lastHigh, long lastLow, List<Cidr> blocks) {
        long high = firstHigh;
        long low = firstLow;
        while (true) {
            int length = 0;
            while (!isWithin(high, low, length, lastHigh, lastLow)) {
                length++;
            }
            blocks.add(new Cidr(high, low, length));
            high |= ~Cidr.highMask(length);
            low |= ~Cidr.lowMask(length);
            if (high == lastHigh && low == lastLow) {
                return;
            }
            low++;
            high += low == 0 ? 1 : 0;
        }
    }

    /** Whether a block of this length begins there, and ends before the last address or with it. */
    private static boolean isWithin(long high, long low, int length, long lastHigh, long lastLow) {
        return (high & ~Cidr.highMask(length)) == 0
                && (low & ~Cidr.lowMask(length)) == 0
                && compare(high | ~Cidr.highMask(length), low | ~Cidr.lowMask(length), lastHigh, lastLow) <= 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CidrSet set && Arrays.equals(ipv4, set.ipv4) && Arrays.equals(ipv6, set.ipv6);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ipv4) + Arrays.hashCode(ipv6);
    }

    @Override
    public String toString() {
        return Condition.some(blocks());
    }
}
