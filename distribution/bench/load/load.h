/* What the parts of the load generator share; main.c tells what it is. */
#ifndef LOAD_H
#define LOAD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum {
    ANSWER = 100,      /* bytes that the backend answers a first flight with */
    CHUNK = 128 << 10, /* bytes of one read or write in bulk */
    BATCH = 64,        /* events of one turn */
    MESSAGE = 64 << 10 /* the largest message: always fits the kernel's buffers, so a message is one write */
};

/*
 * What the backend is to do after its answer. The order, a role and a size, travels inside the first flight, where the
 * protocols have random bytes and every proxy passes them on: in the random of a ClientHello (RFC 8446, 4.1.2) and in
 * the session id of an OpenVPN reset. So one backend serves all roles, behind proxies that know nothing of them.
 */
enum role {
    SHORT = 's',  /* nothing more; the client closes */
    ECHO = 'e',   /* answer every `size` bytes with as many */
    SINK = 'u',   /* read until a chunk ends in LAST, then answer the number of bytes, 8 bytes in host order */
    SOURCE = 'd', /* write from the first byte that the client says to the second, and LAST after that */
};

enum { LAST = 1 }; /* the last byte of a bulk transfer; all others are 0 */

/* What is wanted of a client subcommand. */
struct options {
    enum role role;
    int connections;
    double seconds;
    long count; /* connections to make in all, 0: as many as fit in `seconds` */
    int size;
    double rate; /* connections to begin in a second */
    int sources; /* local addresses to connect from; 0: the kernel's choice */
    int as_is;   /* the first flights have their orders in them, and a signature may be over that */
};

/* net.c: sockets, clock, and the two kinds of first flight. */
struct address {
    struct sockaddr_storage socket;
    socklen_t length;
};

struct address address(const char *text);
int64_t nanoseconds(void);
void watch(int epoll, int operation, int fd, uint32_t events, void *what);
_Noreturn void die(const char *what);

/* Bytes of a first flight by its own length field; 0: not enough bytes yet. */
size_t flight_length(const unsigned char *bytes, size_t have);
/* Where the order stands in it. */
size_t order_offset(const unsigned char *bytes);
int is_tls(const unsigned char *bytes);

/* client.c: a connection up to the backend's answer. */
struct client {
    int fd;
    int64_t began; /* before connect() */
    int sent_head;
    size_t answered; /* bytes of the answer */
    /* Then, as bulk and reply need it: */
    int64_t message;
    uint64_t bytes;
    int ended;
};

enum progress { WAITING, ANSWERED, FAILED };

void aim(const char *target, const char *head_file, const struct options *options);
int dial(struct client *client, int epoll); /* 0, or -1: refused */
enum progress await_answer(struct client *client, int epoll, uint32_t events);
void hang_up(struct client *client);
/* Opens all of `clients`, 32 at a time, and waits for their answers. Returns how many stand; the others have fd -1. */
int open_all(struct client *clients, int count, int epoll);

/* histogram.c: durations, to 2 %. */
void record(int64_t duration);
double quantile_us(double q);
double max_us(void);

/* A subcommand each. */
int serve(const char *tls, const char *openvpn);
int rate(const struct options *options);
int pace(const struct options *options);
int bulk(const struct options *options);
int reply(const struct options *options);
int idle(const struct options *options);

#endif
