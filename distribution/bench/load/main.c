/*
 * load: makes connections as TLS and OpenVPN clients begin them, and is the backend behind the proxy as well.
 *
 *     cc -O2 -Wall -Wextra -o load distribution/bench/load/[a-z]*.c
 *
 * In C, and one epoll loop, because it shares the processors with what it measures: it must cost less than that, and be as
 * fast in its first second as later, or the slow start of a contender could not be told from its own.
 *
 * Each subcommand prints one line of JSON. Nothing waits for ever: a connection that does not get on for two seconds is
 * counted as stuck, or as failed.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

static const char USAGE[] =
    "load serve ADDR:PORT ADDR:PORT         the backend: TLS comes to the first address, OpenVPN to the second\n"
    "load rate  ADDR:PORT [OPTION...]       connect, first flight, answer, close; and again\n"
    "load pace  ADDR:PORT [OPTION...]       the same at an even pace, whether those before have ended or not\n"
    "load bulk up|down ADDR:PORT [OPTION...]\n"
    "load reply ADDR:PORT [OPTION...]       requests and replies of --size bytes on open connections\n"
    "load idle  ADDR:PORT [OPTION...]       open, say when all stand, hold until standard input ends\n"
    "\n"
    "  --head FILE       first flights, sent in turn: a ClientHello in one record, or an OpenVPN reset (needed)\n"
    "  --connections N   at a time (32; bulk: 4); pace: at most\n"
    "  --seconds S       (1)\n"
    "  --count N         rate: end after so many connections, instead\n"
    "  --size BYTES      reply: up to 65536 (64)\n"
    "  --rate N          pace: connections a second (100); its first flights are sent as they are\n"
    "  --sources N       from so many addresses, 127.1.0.1 and those that follow (0: as the kernel likes)\n";

static int usage(void) {
    fputs(USAGE, stderr);
    return 2;
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) return usage();
    const char *command = argv[1];
    if (!strcmp(command, "serve")) return argc == 4 ? serve(argv[2], argv[3]) : usage();

    struct options options = {.role = SHORT, .connections = 32, .seconds = 1, .size = 64, .rate = 100};
    int (*run)(const struct options *);
    if (!strcmp(command, "rate")) {
        run = rate;
    } else if (!strcmp(command, "pace")) {
        run = pace;
        options.as_is = 1;
    } else if (!strcmp(command, "idle")) {
        run = idle;
    } else if (!strcmp(command, "reply")) {
        run = reply;
        options.role = ECHO;
    } else if (!strcmp(command, "bulk") && argc > 2 && (!strcmp(argv[2], "up") || !strcmp(argv[2], "down"))) {
        run = bulk;
        options.role = !strcmp(argv[2], "up") ? SINK : SOURCE;
        options.connections = 4;
        argv++, argc--;
    } else {
        return usage();
    }

    static const struct option LONG[] = {
        {"head", required_argument, 0, 'h'},    {"connections", required_argument, 0, 'c'},
        {"seconds", required_argument, 0, 's'}, {"count", required_argument, 0, 'n'},
        {"size", required_argument, 0, 'b'},    {"rate", required_argument, 0, 'r'},
        {"sources", required_argument, 0, 'a'}, {0},
    };
    const char *head = NULL;
    for (int option; (option = getopt_long(argc - 1, argv + 1, "", LONG, NULL)) != -1;) {
        switch (option) {
            case 'h': head = optarg; break;
            case 'c': options.connections = atoi(optarg); break;
            case 's': options.seconds = atof(optarg); break;
            case 'n': options.count = atol(optarg); break;
            case 'b': options.size = atoi(optarg); break;
            case 'r': options.rate = atof(optarg); break;
            case 'a': options.sources = atoi(optarg); break;
            default: return usage();
        }
    }
    int sane = options.connections > 0 && options.seconds > 0 && options.count >= 0 && options.size > 0 &&
               options.size <= MESSAGE && options.rate > 0 && options.sources >= 0 && options.sources < 1 << 16;
    if (optind != argc - 2 || !head || !sane) return usage();
    aim(argv[optind + 1], head, &options);
    return run(&options);
}
