"""A contender in a network of its own, with the backend behind it."""

import itertools
import socket
import subprocess
import time

from contenders import BACKENDS
from group import Group
from network import Network
from noise import Noise
from traffic import Failure

STEAL_PERCENT = 3
_numbers = itertools.count()


class Running:
    def __init__(self, contender, traffic, work, descriptors, congestion_control="cubic"):
        self.contender, self.traffic, self.work, self.descriptors = contender, traffic, work, descriptors
        self.said = []  # by the load generator
        self.group = None
        self.network = Network(congestion_control)
        self.backend = traffic.serve(BACKENDS)
        try:
            self.start()
        except Failure:
            self.stop()
            raise

    def start(self):
        """Returns the seconds from exec to the first connection that it accepts."""
        host, port = self.contender.addresses["tls"].split(":")
        began = time.monotonic()
        if self.contender.proxy:
            self.group = Group(f"{self.contender.name}-{next(_numbers)}")
            command = self.contender.command(self.work, self.descriptors)
            began = time.monotonic()
            self.group.start(command, cwd=self.work, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
        while time.monotonic() < began + 10:
            try:
                socket.create_connection((host, int(port)), 1).close()
                return time.monotonic() - began
            except OSError:
                time.sleep(0.0005)
        raise Failure("does not start")

    def restart(self):
        if self.group:
            self.group.stop()
            self.group = None
        return self.start()

    def restart_if_it_died(self):
        if self.group and self.group.main.poll() is not None:
            self.restart()

    def stop(self):
        if self.group:
            self.group.stop()
            self.group = None
        self.backend.kill()
        self.backend.wait()
        self.network.leave()

    def load(self, *what, **options):
        """Returns what the load generator says, with the processor time that the contender took as `cpu`."""
        before, noise = self.group.cpu_seconds() if self.group else 0, Noise()
        said = self.traffic.load(*what, to=self.contender.addresses, **options)
        said["cpu"] = self.group.cpu_seconds() - before if self.group else None
        said["steal_percent"] = noise.percent()[1]
        self.said.append({"load": " ".join(what), **options, **said})
        return said

    def quiet_load(self, *what, tries, **options):
        """Again while the host gives the processors to other guests, up to `tries` times; the quietest counts."""
        made = []
        while not made or (made[-1]["steal_percent"] > STEAL_PERCENT and len(made) < tries):
            made.append(self.load(*what, **options))
        return min(made, key=lambda said: said["steal_percent"])
