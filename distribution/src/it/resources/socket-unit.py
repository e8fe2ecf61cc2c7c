"""What a socket unit does: socket-unit.py PROGRAM ARGUMENT...

Holds one listening socket, under the name "https", and prints its port; passes it to PROGRAM by the protocol of
sd_listen_fds(3); with each line on standard input ends the program by TERM and starts it anew behind the same socket.
"""
import os
import signal
import socket
import sys

held = socket.create_server(("127.0.0.1", 0), backlog=4096)
held.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def start():
    pid = os.fork()
    if pid == 0:
        os.dup2(held.fileno(), 3)
        os.set_inheritable(3, True)
        os.set_blocking(3, True)  # as systemd passes it
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1", LISTEN_FDNAMES="https")
        os.execv(sys.argv[1], sys.argv[1:])
    return pid


def stop(pid):
    os.kill(pid, signal.SIGTERM)
    _, status = os.waitpid(pid, 0)
    print("exit code", os.waitstatus_to_exitcode(status), flush=True)


print("port", held.getsockname()[1], flush=True)
running = start()
for _ in sys.stdin:
    stop(running)
    running = start()
stop(running)
