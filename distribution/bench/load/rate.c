/* Short connections, some at a time. The set-up time runs from connect() to the first byte of the answer. */
#include <stdio.h>
#include <stdlib.h>

#include "load.h"

static const int64_t STUCK = 2000000000LL, LOOK = 100000000LL;

static int epoll, running;
static long begun, completed, failed, stuck;
static int64_t now, end;
static long count;

static void begin(struct client *client) {
    if (now >= end || (count && begun >= count)) return;
    begun++;
    if (dial(client, epoll)) failed++;
    else running++;
}

/* Ends what is stuck, and begins where a connection was refused at once: at the next look, so as not to spin. */
static void look(struct client *clients, int connections) {
    for (struct client *client = clients; client < clients + connections; client++) {
        if (client->fd >= 0 && now - client->began > STUCK) {
            hang_up(client);
            running--;
            stuck++;
        }
        if (client->fd < 0) begin(client);
    }
}

int rate(const struct options *options) {
    struct epoll_event events[BATCH];
    struct client *clients = calloc((size_t)options->connections, sizeof *clients);
    for (int i = 0; i < options->connections; i++) clients[i].fd = -1;
    epoll = epoll_create1(0);
    count = options->count;

    int64_t start = nanoseconds(), last = start, looked = start;
    now = start;
    end = count ? INT64_MAX : start + (int64_t)(options->seconds * 1e9);
    look(clients, options->connections);
    while (running || (now < end && (!count || begun < count))) {
        int n = epoll_wait(epoll, events, BATCH, 100);
        now = nanoseconds();
        for (int i = 0; i < n; i++) {
            struct client *client = events[i].data.ptr;
            int silent = !client->answered;
            enum progress progress = await_answer(client, epoll, events[i].events);
            if (silent && client->answered) record(now - client->began);
            if (progress == WAITING) continue;
            hang_up(client);
            running--;
            if (progress == FAILED) {
                failed++;
            } else if (now < end) {
                completed++;
                last = now;
            }
            begin(client);
        }
        if (now - looked > LOOK) {
            looked = now;
            look(clients, options->connections);
        }
    }
    double seconds = count ? (double)(last - start) / 1e9 : options->seconds;
    printf("{\"completed\": %ld, \"failed\": %ld, \"stuck\": %ld, \"seconds\": %.3f, \"per_second\": %.1f, "
           "\"p50_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f, \"max_us\": %.1f}\n",
           completed, failed, stuck, seconds, seconds > 0 ? (double)completed / seconds : 0, quantile_us(.5),
           quantile_us(.99), quantile_us(.999), max_us());
    return 0;
}
