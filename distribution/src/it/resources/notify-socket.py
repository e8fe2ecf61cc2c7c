"""Hears what a service is to say to its service manager: binds the datagram socket argv[1] (@: an abstract name), prints each line that comes."""
import socket
import sys

heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
heard.bind(sys.argv[1].replace("@", "\0"))
print("bound", flush=True)
while True:
    print(heard.recv(4096).decode(), flush=True)
