"""Connects, and prints "OWN-ADDRESS OWN-PORT LINE", where LINE is the first of the server's. Then sends a million bytes and checks that
they come back.

from-here.py OWN-ADDRESS OWN-PORT ADDRESS PORT[,PORT...] [FIRST]: an own address of "-" and an own port of 0 are the kernel's choice;
FIRST is sent before all else. It connects to all of several ports before it ends, from the one own port, and prints a line for each. An
ADDRESS with a slash is a Unix socket.
"""

import socket
import sys
import threading

BYTES = 1_000_000
own, own_port, address, ports = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4].split(",")
first = sys.argv[5].encode().decode("unicode_escape").encode() if len(sys.argv) > 5 else b""


def connect(address, port):
    family = socket.AF_UNIX if "/" in address else socket.AF_INET6 if ":" in address else socket.AF_INET
    connection = socket.socket(family)
    connection.settimeout(20)
    if own != address:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if own != "-":
        connection.bind(socket.getaddrinfo(own, own_port, family)[0][4])
    if family == socket.AF_UNIX:
        connection.connect(address)
    else:
        connection.connect(socket.getaddrinfo(address, int(port), family)[0][4])
    return connection


def line(connection):
    text = b""
    while not text.endswith(b"\n"):
        more = connection.recv(1)
        if not more:
            break
        text += more
    return text.decode().strip()


def exchange(connection):
    sender = threading.Thread(target=connection.sendall, args=[b"x" * BYTES])
    sender.start()
    count = 0
    while count < BYTES:
        data = connection.recv(65536)
        if not data:
            sys.exit(f"only {count} bytes came back")
        count += len(data)
    sender.join()


connections = [connect(address, each) for each in ports]
for connection in connections:
    connection.sendall(first + b"X")
    seen = line(connection)
    name = connection.getsockname()
    print(*((name[0], name[1]) if isinstance(name, tuple) else ("-", "-")), seen)
    if seen:
        assert connection.recv(1) == b"X"
        exchange(connection)
