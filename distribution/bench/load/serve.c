/* The backend. It trusts its clients to be this program: an answer or a message always fits the kernel's buffers. */
#define _GNU_SOURCE /* accept4 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load.h"

enum { KEPT = 16 }; /* so much of a head tells its length and holds the order, in either protocol */

struct listener {
    int listening; /* both kinds begin with this: 1 here, 0 in a connection */
    int fd;
    int tls;
};

struct connection {
    int listening;
    int fd;
    int tls;
    unsigned char head[KEPT];
    size_t got; /* bytes of the head, then of a message */
    int role;   /* 0: the head is not complete yet */
    uint32_t size;
    uint64_t bytes;
    int said; /* SOURCE: bytes that the client said; the first asks for data, the second to end it */
};

static char chunk[CHUNK];
static int epoll;

static void drop(struct connection *connection) {
    close(connection->fd);
    free(connection);
}

static struct listener *open_listener(const char *where, int tls) {
    struct address at = address(where);
    struct listener *listener = malloc(sizeof *listener);
    int fd = socket(at.socket.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    *listener = (struct listener){.listening = 1, .fd = fd, .tls = tls};
    setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    setsockopt(listener->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)); /* what is accepted inherits it */
    if (bind(listener->fd, (struct sockaddr *)&at.socket, at.length) || listen(listener->fd, 4096)) die(where);
    watch(epoll, EPOLL_CTL_ADD, listener->fd, EPOLLIN, listener);
    return listener;
}

static void accept_all(struct listener *listener) {
    int fd;
    while ((fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct connection *connection = calloc(1, sizeof *connection);
        connection->fd = fd;
        connection->tls = listener->tls;
        watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN, connection);
    }
}

/* All of these return 0, or -1 when the connection is to be dropped. `n` bytes of `chunk` have just been read. */

static int take_head(struct connection *connection, size_t n) {
    size_t room = connection->got < KEPT ? KEPT - connection->got : 0;
    memcpy(connection->head + KEPT - room, chunk, n < room ? n : room);
    connection->got += n;
    size_t length = flight_length(connection->head, connection->got);
    if (!length || connection->got < length) return 0;
    /* A proxy that sent a client to the wrong address, or brought more or less than was sent, has failed. */
    if (connection->got != length || is_tls(connection->head) != connection->tls) return -1;
    const unsigned char *order = connection->head + order_offset(connection->head);
    connection->role = order[0];
    memcpy(&connection->size, order + 1, 4);
    connection->got = 0;
    memset(chunk, 0, ANSWER);
    if (send(connection->fd, chunk, ANSWER, 0) != ANSWER) return -1;
    return 0;
}

static int echo(struct connection *connection, size_t n) {
    connection->got += n;
    if (connection->got < connection->size) return 0;
    connection->got = 0;
    return send(connection->fd, chunk, connection->size, 0) == connection->size ? 0 : -1;
}

static int sink(struct connection *connection, size_t n) {
    connection->bytes += n;
    if (chunk[n - 1] != LAST) return 0;
    return send(connection->fd, &connection->bytes, sizeof connection->bytes, 0) == sizeof connection->bytes ? 0 : -1;
}

static int source(struct connection *connection) {
    static const char zeros[CHUNK];
    int ending = connection->said > 1;
    ssize_t n = ending ? send(connection->fd, &(char){LAST}, 1, 0) : send(connection->fd, zeros, CHUNK, 0);
    if (n < 0) return errno == EAGAIN ? 0 : -1;
    if (ending) watch(epoll, EPOLL_CTL_MOD, connection->fd, EPOLLIN, connection);
    return 0;
}

static int receive(struct connection *connection) {
    ssize_t n = recv(connection->fd, chunk, CHUNK, 0);
    if (n <= 0) return n < 0 && errno == EAGAIN ? 0 : -1;
    switch (connection->role) {
        case 0: return take_head(connection, (size_t)n);
        case ECHO: return echo(connection, (size_t)n);
        case SINK: return sink(connection, (size_t)n);
        case SOURCE:
            if (!connection->said) watch(epoll, EPOLL_CTL_MOD, connection->fd, EPOLLIN | EPOLLOUT, connection);
            connection->said += (int)n;
            return 0;
        default: return -1;
    }
}

int serve(const char *tls, const char *openvpn) {
    struct epoll_event events[BATCH];
    epoll = epoll_create1(0);
    open_listener(tls, 1);
    open_listener(openvpn, 0);
    for (;;) {
        int n = epoll_wait(epoll, events, BATCH, -1);
        for (int i = 0; i < n; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection->listening) {
                accept_all(events[i].data.ptr);
                continue;
            }
            int done = events[i].events & ~EPOLLOUT ? receive(connection) : 0;
            if (!done && events[i].events & EPOLLOUT) done = source(connection);
            if (done) drop(connection);
        }
    }
}
