/* Durations in buckets of 1/64 of their power of two. */
#include "load.h"

enum { BITS = 6, STEPS = 1 << BITS };

static uint64_t buckets[64 * STEPS];
static uint64_t total;
static int64_t longest;

static int bucket(uint64_t duration) {
    if (duration < STEPS) return (int)duration;
    int shift = 63 - __builtin_clzll(duration) - BITS;
    return (shift << BITS) + (int)(duration >> shift);
}

/* The middle of the bucket. */
static double value(int bucket) {
    if (bucket < 2 * STEPS) return bucket;
    int shift = (bucket >> BITS) - 1;
    return (double)((uint64_t)(bucket - (shift << BITS)) << shift) + (double)(1ULL << shift) / 2;
}

void record(int64_t duration) {
    buckets[bucket((uint64_t)duration)]++;
    total++;
    if (duration > longest) longest = duration;
}

double quantile_us(double q) {
    uint64_t below = 0;
    for (int i = 0; i < 64 * STEPS; i++) {
        below += buckets[i];
        if (below && (double)below >= q * (double)total) return value(i) / 1000;
    }
    return 0;
}

double max_us(void) {
    return (double)longest / 1000;
}
