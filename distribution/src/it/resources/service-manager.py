"""
As much of a service manager as hands connections on: runs the program of argv[2:] with the notify socket argv[1], keeps the
descriptors that it stores, and at a line "restart" ends it by TERM and gives them to the next one. Ends the program when there is
nothing more to read.
"""
import os
import select
import signal
import socket
import sys

path, words = sys.argv[1], sys.argv[2:]
heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
heard.bind(path)
stored = {}


def start():
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    environment = dict(os.environ, NOTIFY_SOCKET=path)
    if stored:
        environment.update(
            LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(stored)), LISTEN_FDNAMES=":".join(stored)
        )
    # Far away first, lest one end up where another still is.
    moved = [os.dup(descriptor) for descriptor in stored.values()]
    for place, descriptor in enumerate(moved):
        os.dup2(descriptor, 3 + place)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.execve(words[0], words, environment)


def hear():
    message, descriptors, _, _ = socket.recv_fds(heard, 4096, 16)
    lines = message.decode().split("\n")
    name = next((line[7:] for line in lines if line.startswith("FDNAME=")), "")
    if "FDSTORE=1" in lines:
        stored[name] = descriptors[0]
        print("stored", name, flush=True)
    else:
        for descriptor in descriptors:  # of BARRIER=1
            os.close(descriptor)
    if "FDSTOREREMOVE=1" in lines:
        os.close(stored.pop(name))


child = start()
restarts = False
while True:
    ready = select.select([heard, sys.stdin], [], [], 0.05)[0]
    if heard in ready:
        hear()
    if sys.stdin in ready:
        restarts = sys.stdin.readline() == "restart\n"
        os.kill(child, signal.SIGTERM if restarts else signal.SIGKILL)
        if not restarts:
            os.waitpid(child, 0)
            break
    if os.waitpid(child, os.WNOHANG)[0]:
        print("ended", flush=True)
        if not restarts:
            break
        restarts = False
        child = start()
