/* A connection from connect() to the backend's answer, the same for all that clients do. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load.h"

static struct address target;
static unsigned char heads[1 << 20];
static size_t heads_length;
static unsigned char *head; /* the next one to be sent */
static size_t head_length;
static enum role role;
static int sources;
static uint32_t source;

void aim(const char *where, const char *head_file, const struct options *options) {
    FILE *file = fopen(head_file, "rb");
    if (!file) die(head_file);
    heads_length = fread(heads, 1, sizeof heads, file);
    fclose(file);
    size_t at = 0;
    do {
        head = heads + at;
        head_length = flight_length(head, heads_length - at);
        if (head_length < 16 || at + head_length > heads_length) {
            fprintf(stderr, "load: %s: neither ClientHellos in one record each nor OpenVPN packets\n", head_file);
            exit(2);
        }
        if (!options->as_is) {
            unsigned char *order = head + order_offset(head);
            order[0] = options->role;
            memcpy(order + 1, &(uint32_t){options->size}, 4);
        }
        at += head_length;
    } while (at < heads_length);
    role = options->role;
    sources = options->sources;
    target = address(where);
}

/* They go round. */
static void next_head(void) {
    head += head_length;
    if (head >= heads + heads_length) head = heads;
    head_length = flight_length(head, (size_t)(heads + heads_length - head));
}

/* From 127.1.0.1 on, in turn: one address has ports for no more than 55,000 connections a minute. */
static void bind_source(int fd) {
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f010001 + source)};
    source = (source + 1) % (uint32_t)sources;
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &(int){1}, sizeof(int));
    if (bind(fd, (struct sockaddr *)&from, sizeof from)) die("bind");
}

int dial(struct client *client, int epoll) {
    *client = (struct client){.fd = socket(target.socket.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0)};
    if (client->fd < 0) die("socket");
    if (sources) bind_source(client->fd);
    next_head();
    if (role != SHORT) setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    client->began = nanoseconds();
    if (connect(client->fd, (struct sockaddr *)&target.socket, target.length) && errno != EINPROGRESS) {
        if (errno != ECONNREFUSED && errno != ECONNRESET) die("connect"); /* out of ports: nobody's failure but ours */
        hang_up(client);
        return -1;
    }
    /* On loopback the connection stands by now. Where it does not, the head waits for EPOLLOUT. */
    client->sent_head = send(client->fd, head, head_length, 0) == (ssize_t)head_length;
    watch(epoll, EPOLL_CTL_ADD, client->fd, client->sent_head ? EPOLLIN : EPOLLIN | EPOLLOUT, client);
    return 0;
}

enum progress await_answer(struct client *client, int epoll, uint32_t events) {
    static char answer[ANSWER];
    if (!client->sent_head) {
        if (send(client->fd, head, head_length, 0) != (ssize_t)head_length) return FAILED;
        client->sent_head = 1;
        watch(epoll, EPOLL_CTL_MOD, client->fd, EPOLLIN, client);
        if (!(events & EPOLLIN)) return WAITING;
    }
    ssize_t n = recv(client->fd, answer, ANSWER - client->answered, 0);
    if (n < 0 && errno == EAGAIN) return WAITING;
    if (n <= 0) return FAILED;
    client->answered += (size_t)n;
    return client->answered == ANSWER ? ANSWERED : WAITING;
}

/* A FIN, as real clients do: all that the backend sent has been read. */
void hang_up(struct client *client) {
    close(client->fd);
    client->fd = -1;
}

int open_all(struct client *clients, int count, int epoll) {
    struct epoll_event events[BATCH];
    int opened = 0, waiting = 0, standing = 0;
    int64_t progress = nanoseconds();
    while (opened < count || waiting) {
        for (; opened < count && waiting < 32; opened++) waiting += dial(&clients[opened], epoll) == 0;
        int n = epoll_wait(epoll, events, BATCH, 100);
        for (int i = 0; i < n; i++) {
            struct client *client = events[i].data.ptr;
            enum progress now = client->answered == ANSWER ? FAILED : await_answer(client, epoll, events[i].events);
            if (now == WAITING) continue;
            if (client->answered < ANSWER || now == ANSWERED) waiting--;
            else standing--; /* it stood, and has been dropped since */
            if (now == ANSWERED) standing++;
            else hang_up(client);
            progress = nanoseconds();
        }
        if (nanoseconds() - progress > 2000000000LL) break;
    }
    for (int i = 0; i < opened; i++) {
        if (clients[i].fd >= 0 && clients[i].answered < ANSWER) hang_up(&clients[i]);
    }
    for (int i = opened; i < count; i++) clients[i].fd = -1;
    return standing;
}
