/* Connections that got their answer and then say nothing. */
#include <stdio.h>
#include <stdlib.h>

#include "load.h"

int idle(const struct options *options) {
    struct client *clients = calloc((size_t)options->connections, sizeof *clients);
    int epoll = epoll_create1(0);
    int64_t start = nanoseconds();
    int standing = open_all(clients, options->connections, epoll);
    printf("{\"standing\": %d, \"failed\": %d, \"seconds\": %.3f}\n", standing, options->connections - standing,
           (double)(nanoseconds() - start) / 1e9);
    fflush(stdout);
    while (getchar() != EOF) {
    }
    return 0;
}
