"""A bad cable: wire.py NAMESPACE ADDRESS OTHER-NAMESPACE OTHER-ADDRESS LOSS DELAY JITTER

Between two network namespaces, whose ends get these addresses. Of the packets LOSS per cent are lost, and each of the others
takes DELAY milliseconds, more or less by JITTER: so some overtake others. What tc-netem(8) does, for kernels without it.
"""
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000
one, address, other, others_address = sys.argv[1:5]
loss, delay, jitter = (float(word) for word in sys.argv[5:8])


def end(name, namespace, own):
    """A device in the namespace; what it sends is read here, and what is written here, it receives."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    subprocess.run(["ip", "link", "set", name, "netns", namespace], check=True)
    subprocess.run(["ip", "-n", namespace, "addr", "add", own, "dev", name], check=True)
    subprocess.run(["ip", "-n", namespace, "link", "set", name, "up"], check=True)
    return device


# A device has its name here for a moment before it moves.
near = end("wire%da" % os.getpid(), one, address)
far = end("wire%db" % os.getpid(), other, others_address)
across = {near: far, far: near}
print("wire is laid", flush=True)
lost = carried = overtaken = newest = count = 0
waiting = []
while True:
    pause = max(0, waiting[0][0] - time.monotonic()) if waiting else None
    readable, _, _ = select.select([near, far, sys.stdin], [], [], pause)
    for device in readable:
        if device is sys.stdin:
            print("lost=%d carried=%d overtaken=%d" % (lost, carried, overtaken), flush=True)
            if not sys.stdin.readline():
                sys.exit()
            continue
        try:
            packet = os.read(device, 65536)
        except BlockingIOError:
            continue
        if random.random() * 100 < loss:
            lost += 1
            continue
        due = time.monotonic() + (delay + random.uniform(-jitter, jitter)) / 1000
        count += 1
        heapq.heappush(waiting, (due, count, across[device], packet))
    while waiting and waiting[0][0] <= time.monotonic():
        _, number, device, packet = heapq.heappop(waiting)
        overtaken += number < newest
        newest = max(newest, number)
        try:
            os.write(device, packet)
            carried += 1
        except OSError:
            lost += 1  # Its end is full, or down.
