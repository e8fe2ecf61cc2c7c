/* As many bytes as go through one way. They are counted where they arrive: in the backend, when going up. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

static char chunk[CHUNK];

/* Upload: returns 1 when the backend has told how much it got, -1 on failure. */
static int push(struct client *client, int epoll, int over) {
    if (client->ended) {
        uint64_t arrived;
        if (recv(client->fd, &arrived, sizeof arrived, 0) != sizeof arrived) return -1;
        client->bytes = arrived;
        return 1;
    }
    ssize_t n = over ? send(client->fd, &(char){LAST}, 1, 0) : send(client->fd, chunk, CHUNK, 0);
    if (n < 0) return errno == EAGAIN ? 0 : -1;
    if (over) {
        client->ended = 1;
        watch(epoll, EPOLL_CTL_MOD, client->fd, EPOLLIN, client);
    }
    return 0;
}

/* Download: returns 1 when the backend has said that this was all, -1 on failure. */
static int pull(struct client *client, int over) {
    ssize_t n = recv(client->fd, chunk, CHUNK, 0);
    if (n < 0) return errno == EAGAIN ? 0 : -1;
    if (n == 0) return -1;
    client->bytes += (size_t)n;
    if (over && !client->ended) {
        client->ended = 1;
        send(client->fd, "", 1, 0);
    }
    return chunk[n - 1] == LAST;
}

int bulk(const struct options *options) {
    struct epoll_event events[BATCH];
    struct client *clients = calloc((size_t)options->connections, sizeof *clients);
    int epoll = epoll_create1(0), up = options->role == SINK;
    int running = open_all(clients, options->connections, epoll);
    int failed = options->connections - running;

    uint64_t bytes = 0;
    int64_t start = nanoseconds(), now = start, last = start, end = start + (int64_t)(options->seconds * 1e9);
    for (struct client *client = clients; client < clients + options->connections; client++) {
        if (client->fd < 0) continue;
        if (up) watch(epoll, EPOLL_CTL_MOD, client->fd, EPOLLOUT, client);
        else send(client->fd, "", 1, 0);
    }
    while (running && now < end + 5000000000LL) {
        int n = epoll_wait(epoll, events, BATCH, 100);
        now = nanoseconds();
        for (int i = 0; i < n; i++) {
            struct client *client = events[i].data.ptr;
            int done = up ? push(client, epoll, now >= end) : pull(client, now >= end);
            if (!done) continue;
            bytes += client->bytes;
            last = now;
            failed += done < 0;
            running--;
            hang_up(client);
        }
    }
    failed += running; /* those that did not end in time */
    double seconds = (double)(last - start) / 1e9;
    printf("{\"bytes\": %llu, \"failed\": %d, \"seconds\": %.3f, \"gbit_per_second\": %.3f}\n",
           (unsigned long long)bytes, failed, seconds, seconds > 0 ? (double)bytes * 8 / 1e9 / seconds : 0);
    return 0;
}
