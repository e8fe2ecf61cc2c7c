"""One visit to one contender: started afresh in a network of its own, measured, and stopped."""

import dataclasses
import socket
import subprocess
import time

import surroundings
from contenders import BACKENDS
from figures import AT_A_TIME, SIZES
from group import Group
from noise import Noise
from strace import counting_calls
from traffic import Failure

STEAL_PERCENT = 3
UNDER_BBR = ("direct", "portshare", "haproxy-splice")


@dataclasses.dataclass(frozen=True)
class Extent:
    """How long and how much; times in seconds."""

    starts: int = 3
    cold: float = 3
    rate: float = 2
    bulk: float = 1.5
    reply: float = 0.8
    warm_up: float = 0.3
    traced: int = 1000
    idle: int = 10_000
    settle: float = 1


QUICK = Extent(starts=2, cold=1, rate=1, bulk=0.7, reply=0.4, warm_up=0.2, traced=200, idle=2000, settle=0.3)


class Visit:
    def __init__(self, contender, traffic, extent, work, descriptors):
        self.contender, self.traffic, self.extent = contender, traffic, extent
        self.work, self.descriptors = work, descriptors
        self.values = {}  # key of a figure: a number, or the words of a failure
        self.raw = []  # all that the load generator said
        self.group = self.backend = None

    def measure(self, wanted):
        """`wanted`: the measurements to make. They are made in this order: what leaves traces comes last."""
        everything = {
            "start": self.start_time, "memory": self.memory, "cold": self.cold, "rate": self.rate,
            "openvpn": self.openvpn, "bulk": self.bulk, "reply": self.reply, "calls": self.calls, "idle": self.idle,
        }
        try:
            self.open("cubic")
            for name, measurement in everything.items():
                if name in wanted:
                    self.get(name, measurement)
            self.close()
            if "bbr" in wanted and self.contender.name in UNDER_BBR:
                self.get("bbr", self.bbr)
        finally:
            self.close()

    def get(self, name, measurement):
        try:
            self.restart_if_it_died()
            measurement()
        except Failure as failure:
            self.values[name] = str(failure)

    def open(self, congestion_control):
        surroundings.new_network(congestion_control)
        self.backend = self.traffic.serve(BACKENDS)
        self.start()

    def close(self):
        if self.group:
            self.group.stop()
            self.group = None
        if self.backend:
            self.backend.kill()
            self.backend.wait()
            self.backend = None

    def start(self):
        """Returns the seconds from exec to the first connection that it accepts."""
        port = self.contender.addresses["tls"].split(":")
        began = time.monotonic()
        if self.contender.proxy:
            self.group = Group(self.contender.name)
            command = self.contender.command(self.work, self.descriptors)
            began = time.monotonic()
            self.group.start(command, cwd=self.work, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
        while time.monotonic() < began + 10:
            try:
                socket.create_connection((port[0], int(port[1])), 1).close()
                return time.monotonic() - began
            except OSError:
                time.sleep(0.0005)
        raise Failure("does not start")

    def restart_if_it_died(self):
        if self.group and self.group.main.poll() is not None:
            self.group.stop()
            self.start()

    def load(self, *what, **options):
        """Returns what the load generator says, with the processor time that the contender took as `cpu`."""
        before, noise = self.group.cpu_seconds() if self.group else 0, Noise()
        said = self.traffic.load(*what, to=self.contender.addresses, **options)
        said["cpu"] = self.group.cpu_seconds() - before if self.group else None
        said["steal_percent"] = noise.percent()[1]
        self.raw.append({"load": " ".join(what), **options, **said})
        return said

    def quiet_load(self, *what, **options):
        """Once more, and once more again, while the host gives the processors to other guests; the quietest counts."""
        tries = []
        while not tries or (tries[-1]["steal_percent"] > STEAL_PERCENT and len(tries) < 3):
            tries.append(self.load(*what, **options))
        return min(tries, key=lambda said: said["steal_percent"])

    def keep(self, key, value):
        if value is not None:
            self.values[key] = value

    def per(self, said, amount):
        return said["cpu"] / amount if said["cpu"] is not None and amount else None

    def start_time(self):
        if not self.contender.proxy:
            return
        times = []
        for _ in range(self.extent.starts):
            self.group.stop()
            times.append(self.start() * 1000)
        self.values["start.ms"] = sorted(times)[len(times) // 2]

    def memory(self):
        if self.group:
            time.sleep(self.extent.settle)
            self.values["memory.start"] = self.group.pss_mb()

    def cold(self):
        if self.group:
            self.group.stop()
            self.start()
        self.values["cold.p999"] = self.load("rate", seconds=self.extent.cold)["p999_us"] / 1000

    def rate(self):
        self.load("rate", seconds=self.extent.warm_up)
        self.connections("rate", "tls")

    def openvpn(self):
        if self.contender.openvpn:
            self.connections("openvpn", "openvpn")

    def connections(self, name, head):
        said = self.quiet_load("rate", head=head, seconds=self.extent.rate)
        self.values[f"{name}.rate"] = said["per_second"] / 1000
        for quantile in ("p50", "p99", "p999"):
            self.values[f"{name}.{quantile}"] = said[f"{quantile}_us"] / 1000
        if name == "rate":
            self.keep("rate.cpu", self.per(said, said["completed"] / 1000))

    def bulk(self):
        for way in ("up", "down"):
            self.load("bulk", way, seconds=self.extent.warm_up)
            said = self.quiet_load("bulk", way, seconds=self.extent.bulk)
            self.values[f"bulk.{way}.rate"] = said["gbit_per_second"]
            self.keep(f"bulk.{way}.cpu", self.per(said, said["bytes"] / 1e9))

    def reply(self):
        for size in SIZES:
            for connections in AT_A_TIME:
                self.load("reply", size=size, connections=connections, seconds=self.extent.warm_up)
                said = self.quiet_load("reply", size=size, connections=connections, seconds=self.extent.reply)
                self.values[f"reply.{size}.{connections}.rate"] = said["per_second"] / 1000
                self.values[f"reply.{size}.{connections}.p99"] = said["p99_us"] / 1000
                if connections > 1:
                    self.keep(f"reply.{size}.cpu", self.per(said, said["replies"] / 1e6))

    def calls(self):
        if not self.group:
            return
        for connections in AT_A_TIME:
            with counting_calls(self.group.pids(), self.work) as counted:
                said = self.load("rate", connections=connections, count=self.extent.traced)
            self.values[f"calls.{connections}"] = counted() / said["completed"]

    def idle(self):
        if not self.group:
            return
        wanted = min(self.extent.idle, (self.descriptors - 200) // 2)
        process, standing = self.traffic.hold(to=self.contender.addresses, connections=wanted)
        try:
            if standing < wanted:
                raise Failure(f"{standing:,} of {wanted:,} stand")
            time.sleep(self.extent.settle)
            self.values["idle.memory"] = self.group.pss_mb()
        finally:
            process.communicate()

    def bbr(self):
        try:
            self.open("bbr")
        except OSError:
            raise Failure("not allowed") from None
        for way in ("up", "down"):
            self.load("bulk", way, seconds=self.extent.warm_up)
            self.values[f"bbr.{way}"] = self.quiet_load("bulk", way, seconds=self.extent.bulk)["gbit_per_second"]
