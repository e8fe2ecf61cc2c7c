/* Request and reply of the same size, one at a time on each connection. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "load.h"

static const int64_t STUCK = 1000000000LL;

static char message[MESSAGE];

static int request(struct client *client, int size) {
    client->message = nanoseconds();
    client->bytes = 0;
    return send(client->fd, message, (size_t)size, 0) == size;
}

int reply(const struct options *options) {
    struct epoll_event events[BATCH];
    struct client *clients = calloc((size_t)options->connections, sizeof *clients);
    int epoll = epoll_create1(0);
    int running = open_all(clients, options->connections, epoll);
    int failed = options->connections - running;
    long replies = 0;

    int64_t start = nanoseconds(), now = start, end = start + (int64_t)(options->seconds * 1e9);
    for (int i = 0; i < options->connections; i++) {
        if (clients[i].fd >= 0) request(&clients[i], options->size);
    }
    while (running && now < end) {
        int n = epoll_wait(epoll, events, BATCH, 100);
        now = nanoseconds();
        for (int i = 0; i < n; i++) {
            struct client *client = events[i].data.ptr;
            ssize_t got = recv(client->fd, message, MESSAGE, 0);
            if (got < 0 && errno == EAGAIN) continue;
            if (got > 0) client->bytes += (size_t)got;
            int whole = client->bytes == (size_t)options->size;
            if (whole) {
                record(now - client->message);
                replies++;
            }
            if (got <= 0 || (whole && !request(client, options->size))) {
                hang_up(client);
                running--;
                failed++;
            }
        }
    }
    int stuck = 0;
    for (int i = 0; i < options->connections; i++) {
        stuck += clients[i].fd >= 0 && now - clients[i].message > STUCK;
    }
    double seconds = (double)(now - start) / 1e9;
    printf("{\"replies\": %ld, \"failed\": %d, \"stuck\": %d, \"seconds\": %.3f, \"per_second\": %.1f, "
           "\"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f}\n",
           replies, failed, stuck, seconds, seconds > 0 ? (double)replies / seconds : 0, quantile_us(.5),
           quantile_us(.99), max_us());
    return 0;
}
