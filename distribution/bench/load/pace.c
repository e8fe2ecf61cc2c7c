/*
 * Short connections at an even pace, whatever becomes of those before: real clients do not wait for each other, and neither
 * does a flood. The set-up time runs from connect() to the first byte of an answer. A connection that ends without an answer
 * is no failure of the proxy's here, and is counted apart.
 */
#define _GNU_SOURCE /* epoll_pwait2 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "load.h"

static const int64_t STUCK = 2000000000LL, LOOK = 100000000LL;

static int epoll;
static struct client *clients, **idle_clients;
static int idle_count;
static long begun, answered, unanswered, refused, stuck, held_back;

static void finish(struct client *client) {
    hang_up(client);
    idle_clients[idle_count++] = client;
}

static void begin(void) {
    if (!idle_count) {
        held_back++;
        return;
    }
    struct client *client = idle_clients[--idle_count];
    begun++;
    if (dial(client, epoll)) {
        refused++;
        idle_clients[idle_count++] = client;
    }
}

static void get_on(struct client *client, uint32_t events, int64_t now) {
    int silent = !client->answered;
    enum progress progress = await_answer(client, epoll, events);
    if (silent && client->answered) record(now - client->began);
    if (progress == WAITING) return;
    if (progress == ANSWERED) answered++;
    else unanswered++;
    finish(client);
}

static void give_up(int connections, int64_t now) {
    for (struct client *client = clients; client < clients + connections; client++) {
        if (client->fd >= 0 && now - client->began > STUCK) {
            finish(client);
            stuck++;
        }
    }
}

int pace(const struct options *options) {
    struct epoll_event events[BATCH];
    int connections = options->connections;
    clients = calloc((size_t)connections, sizeof *clients);
    idle_clients = calloc((size_t)connections, sizeof *idle_clients);
    for (int i = 0; i < connections; i++) {
        clients[i].fd = -1;
        idle_clients[idle_count++] = &clients[i];
    }
    epoll = epoll_create1(0);

    int64_t start = nanoseconds(), now = start, looked = start, end = start + (int64_t)(options->seconds * 1e9);
    for (long due = 0; now < end || idle_count < connections;) {
        int64_t at = start + (int64_t)((double)due * 1e9 / options->rate);
        int64_t rest = now >= end ? LOOK : at > now ? at - now : 0;
        if (rest > LOOK) rest = LOOK;
        int n = epoll_pwait2(epoll, events, BATCH, &(struct timespec){.tv_nsec = rest}, NULL);
        now = nanoseconds();
        for (int i = 0; i < n; i++) get_on(events[i].data.ptr, events[i].events, now);
        /* Some at most, so that those under way are not left waiting by a pace that is too much. */
        for (int i = 0; i < BATCH && now < end && start + (int64_t)((double)due * 1e9 / options->rate) <= now; i++, due++) {
            begin();
        }
        if (now - looked > LOOK) {
            looked = now;
            give_up(connections, now);
        }
    }
    printf("{\"begun\": %ld, \"answered\": %ld, \"unanswered\": %ld, \"failed\": %ld, \"stuck\": %ld, \"held_back\": %ld, "
           "\"per_second\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f}\n",
           begun, answered, unanswered, refused, stuck, held_back, (double)(answered + unanswered) / options->seconds,
           quantile_us(.5), quantile_us(.99), max_us());
    return 0;
}
