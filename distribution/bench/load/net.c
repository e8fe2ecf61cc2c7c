/* Sockets, the clock, and where things stand in a first flight. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "load.h"

void die(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

struct address address(const char *text) {
    char host[64];
    const char *colon = strrchr(text, ':');
    size_t length = colon ? (size_t)(colon - text) : 0;
    struct addrinfo *found, hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    if (length >= 2 && text[0] == '[' && text[length - 1] == ']') text++, length -= 2;
    snprintf(host, sizeof host, "%.*s", (int)length, text);
    if (!length || getaddrinfo(host, colon + 1, &hints, &found)) {
        fprintf(stderr, "load: %s: not an address such as 127.0.0.1:443 or [::1]:443\n", text);
        exit(2);
    }
    struct address address = {.length = found->ai_addrlen};
    memcpy(&address.socket, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return address;
}

int64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

void watch(int epoll, int operation, int fd, uint32_t events, void *what) {
    struct epoll_event event = {.events = events, .data.ptr = what};
    if (epoll_ctl(epoll, operation, fd, &event)) die("epoll_ctl");
}

/* A TLS record of type handshake. As the length of an OpenVPN packet it would be the high byte of one above 5,631. */
int is_tls(const unsigned char *bytes) {
    return bytes[0] == 22;
}

size_t flight_length(const unsigned char *bytes, size_t have) {
    if (have < 5) return 0;
    return is_tls(bytes) ? 5 + (bytes[3] << 8 | bytes[4]) : 2 + (bytes[0] << 8 | bytes[1]);
}

/* Record header 5, handshake header 4, version 2; or length 2, opcode 1. */
size_t order_offset(const unsigned char *bytes) {
    return is_tls(bytes) ? 11 : 3;
}
