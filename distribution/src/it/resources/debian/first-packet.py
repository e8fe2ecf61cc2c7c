"""The first packet of an OpenVPN client.

first-packet.py record PORT FILE      writes what the next client of PORT sends
first-packet.py send HOST FILE        sends it to port 443, and prints who answers
"""

import socket
import struct
import sys


def read(connection, size):
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            break
        data += more
    return data


command, where, file = sys.argv[1:]
if command == "record":
    with socket.create_server(("127.0.0.1", int(where))) as server:
        print("listening", flush=True)
        client = server.accept()[0]
        length = read(client, 2)
        with open(file, "wb") as out:
            out.write(length + read(client, struct.unpack("!H", length)[0]))
else:
    with socket.create_connection((where, 443), 10) as connection, open(file, "rb") as packet:
        connection.sendall(packet.read())
        answer = read(connection, 5)
        # A server's hard reset, which is P_CONTROL_HARD_RESET_SERVER_V2; or a web server that was sent no HTTP.
        print("openvpn" if answer[2:3] == b"\x40" else answer.decode("ascii", "replace"))
