"""
The measurements. Each takes a contender that runs and yields figures by their keys; each key begins with the name of
the measurement. Processor time and memory of direct, which is no process, are left out.
"""

import dataclasses
import time

from figures import AT_A_TIME, SIZES
from strace import counting_calls
from traffic import Failure


@dataclasses.dataclass(frozen=True)
class Extent:
    """How long and how much; times in seconds."""

    starts: int = 3
    cold: float = 3
    rate: float = 2
    bulk: float = 1.5
    reply: float = 0.8
    warm_up: float = 1
    warm_up_connections: float = 5
    traced: int = 1000
    idle: int = 10_000
    settle: float = 1
    tries: int = 3


QUICK = Extent(starts=1, cold=1, rate=1, bulk=0.7, reply=0.4, warm_up=0.2, warm_up_connections=0.5, traced=200,
               idle=2000, settle=0.3, tries=1)


def start(running, extent):
    if running.group:
        times = sorted(running.restart() * 1000 for _ in range(extent.starts))
        yield "start.ms", times[len(times) // 2]


def memory(running, extent):
    if running.group:
        time.sleep(extent.settle)
        yield "memory.start", running.group.pss_mb()


def cold(running, extent):
    running.restart()
    yield "cold.p999", running.load("rate", seconds=extent.cold)["p999_us"] / 1000


def connections(head, name):
    def measure(running, extent):
        if head == "openvpn" and not running.contender.openvpn:
            return
        said = running.quiet_load("rate", head=head, seconds=extent.rate, tries=extent.tries)
        yield f"{name}.rate", said["per_second"] / 1000
        for quantile in ("p50", "p99", "p999"):
            yield f"{name}.{quantile}", said[f"{quantile}_us"] / 1000
        if said["cpu"] is not None:
            yield f"{name}.cpu", said["cpu"] / (said["completed"] / 1000)

    return measure


def bulk(way, name):
    def measure(running, extent):
        said = running.quiet_load("bulk", way, seconds=extent.bulk, tries=extent.tries)
        yield f"{name}.rate", said["gbit_per_second"]
        if said["cpu"] is not None:
            yield f"{name}.cpu", said["cpu"] / (said["bytes"] / 1e9)

    return measure


def reply(size, connections, name):
    def measure(running, extent):
        said = running.quiet_load("reply", size=size, connections=connections, seconds=extent.reply, tries=extent.tries)
        yield f"{name}.rate", said["per_second"] / 1000
        yield f"{name}.p99", said["p99_us"] / 1000
        if said["cpu"] is not None:
            yield f"{name}.cpu", said["cpu"] / (said["replies"] / 1e6)

    return measure


def calls(running, extent):
    if not running.group:
        return
    for at_a_time in AT_A_TIME:
        with counting_calls(running.group.pids(), running.work) as counted:
            said = running.load("rate", connections=at_a_time, count=extent.traced)
        yield f"calls.{at_a_time}", counted() / said["completed"]


def idle(running, extent):
    if not running.group:
        return
    wanted = min(extent.idle, (running.descriptors - 200) // 2)
    process, standing = running.traffic.hold(to=running.contender.addresses, connections=wanted)
    try:
        if standing < wanted:
            raise Failure(f"{standing:,} of {wanted:,} stand")
        time.sleep(extent.settle)
        yield "idle.memory", running.group.pss_mb()
    finally:
        process.communicate()


def _named(make, *names):
    """{name: measurement}, the last parts of each name being what it is about."""
    return {name: make(*about, name) for name, *about in names}


AFRESH = {"start": start, "memory": memory, "cold": cold}
AT_WORK = {
    **_named(connections, ("rate", "tls"), ("openvpn", "openvpn")),
    **_named(bulk, ("bulk.up", "up"), ("bulk.down", "down")),
    **_named(reply, *((f"reply.{size}.{at}", size, at) for size in SIZES for at in AT_A_TIME)),
}
AT_THE_END = {"calls": calls, "idle": idle}
UNDER_BBR = _named(bulk, ("bbr.up", "up"), ("bbr.down", "down"))
