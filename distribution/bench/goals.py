"""What portshare is to reach, each goal as a sentence and the figures that it compares."""

import dataclasses

from figures import AT_A_TIME, BY_KEY, SIZES

HAPROXY = ("haproxy", "haproxy-splice")
SPLICING = ("haproxy-splice",)
TIE = 0.97  # within 3 % of the first


@dataclasses.dataclass(frozen=True)
class Verdict:
    goal: str
    met: bool
    told: str


def verdicts(results):
    """Those that the run has figures for."""
    peers = [name for name in results.names if name not in ("direct", "portshare")]
    return [verdict for verdict in _Judge(results, peers).all() if verdict]


class _Judge:
    def __init__(self, results, peers):
        self.results, self.peers = results, peers

    def against(self, goal, key, names, factor=1.0):
        """portshare is at least `factor` times better than the best of `names`."""
        figure, mine = BY_KEY[key], self.results.median("portshare", key)
        best = self.results.best_peer(key, [name for name in names if name in self.results.names])
        if mine is None or best is None:
            return self.failed(goal, key)
        name, theirs = best
        reached = figure.advantage(mine, theirs) if mine and theirs else 0
        told = f"{figure.text(mine)} against {figure.text(theirs)} {figure.unit}".strip() + f" ({name}): {reached:.2f}"
        told += f", {factor:.2f} is wanted" + self.overlap(key, name, reached >= factor, factor)
        return Verdict(goal, reached >= factor, told)

    def overlap(self, key, name, met, factor):
        """Says so where rounds of the one and of the other would give another verdict."""
        figure = BY_KEY[key]
        mine, theirs = self.results.spread("portshare", key), self.results.spread(name, key)
        reached = [figure.advantage(a, b) for a in mine for b in theirs if a and b]
        sure = all((each >= factor) == met for each in reached)
        return "" if sure or len(self.results.samples("portshare", key)) < 2 else "; the rounds overlap"

    def below(self, goal, key, bound):
        figure, mine = BY_KEY[key], self.results.median("portshare", key)
        if mine is None:
            return self.failed(goal, key)
        return Verdict(goal, mine < bound, f"{figure.text(mine)} {figure.unit}")

    def failed(self, goal, key):
        failure = self.results.failure("portshare", key)
        return Verdict(goal, False, failure) if failure else None

    def all(self):
        yield from self.bulk()
        yield from self.connections()
        yield from self.replies()
        yield from self.memory_and_start()
        for at in AT_A_TIME:
            yield self.against(f"system calls per connection, {at} at a time: below HAProxy's", f"calls.{at}", HAPROXY)
        yield self.against("upload under bbr: twice HAProxy's", "bbr.up.rate", HAPROXY, 2)

    def bulk(self):
        copying = [name for name in self.peers if name not in SPLICING]
        for way, name in (("up", "upload"), ("down", "download")):
            key, cpu = f"bulk.{way}.rate", f"bulk.{way}.cpu"
            yield self.against(f"{name}: first of all", key, self.peers)
            yield self.against(f"{name}: twice every peer that does not splice", key, copying, 2)
            yield self.against(f"{name}: 0.6 of direct", key, ["direct"], 0.6)
            yield self.against(f"CPU per GB {way}: not above HAProxy with splicing", cpu, SPLICING)
            yield self.against(f"CPU per GB {way}: at most 0.35 of the others", cpu, copying, 1 / 0.35)

    def connections(self):
        others = [name for name in self.peers if name != "sniproxy"]
        for key in ("rate.rate", "rate.cpu", "rate.p50", "rate.p99", "rate.p999"):
            yield self.against(f"{BY_KEY[key].title}: first of all but sniproxy", key, others)
            yield self.against(f"{BY_KEY[key].title}: better than sniproxy", key, ["sniproxy"])
        for key in ("rate.p999", "cold.p999"):
            yield self.against(f"{BY_KEY[key].title}: not above HAProxy's", key, HAPROXY)

    def replies(self):
        for size, name in SIZES.items():
            for at in AT_A_TIME:
                what = f"{name}, {at} at a time"
                for word, key in (("replies", "rate"), ("reply p99", "p99")):
                    goal = f"{word}, {what}: first, or within 3 %"
                    yield self.against(goal, f"reply.{size}.{at}.{key}", self.peers, TIE)
            yield self.against(f"CPU per message, {name}: first", f"reply.{size}.32.cpu", self.peers)

    def memory_and_start(self):
        yield self.below("memory after start: below 50 MB", "memory.start", 50)
        yield self.below("memory with idle connections: below 64 MB", "idle.memory", 64)
        haproxy = self.results.best_peer("idle.memory", [name for name in HAPROXY if name in self.results.names])
        if haproxy:
            goal = f"memory with idle connections: at most HAProxy's {haproxy[1]:.0f} MB and 10 more"
            yield self.below(goal, "idle.memory", haproxy[1] + 10)
        yield self.below("start to listening: below 150 ms", "start.ms", 150)
