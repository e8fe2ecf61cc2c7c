"""Says to each client, in a line, where it sees it come from, and sends back all that comes; until its standard input ends.

seen-from.py READY ADDRESS PORT...: makes the file READY when it listens.
"""

import socket
import sys
import threading


def serve(connection, peer):
    with connection:
        connection.sendall(f"{peer[0].removeprefix('::ffff:')} {peer[1]}\n".encode())
        while data := connection.recv(65536):
            connection.sendall(data)


def accept(listener):
    while True:
        threading.Thread(target=serve, args=listener.accept(), daemon=True).start()


for port in sys.argv[3:]:
    family = socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET
    bound = socket.create_server((sys.argv[2], int(port)), family=family)
    threading.Thread(target=accept, args=[bound], daemon=True).start()
open(sys.argv[1], "w").close()
sys.stdin.read()
