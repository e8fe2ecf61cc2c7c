"""
Who is measured when. Machines change their pace from minute to minute, virtual ones most of all: so all contenders
stand ready, and each measurement goes round all of them before the next begins, in short rounds.
"""

import contextlib
import dataclasses
import sys

import measuring
from traffic import Failure

FRESH_STARTS = 3  # rounds of what takes a fresh start
NOT_ALLOWED = "not allowed"
IN_BBR = ("direct", "portshare", "haproxy-splice")


class Schedule:
    def __init__(self, entered, wanted, rounds, extent, run, results):
        """`run` starts a contender: (contender, congestion_control) -> Running."""
        self.entered, self.wanted, self.rounds, self.extent = entered, wanted, rounds, extent
        self.run, self.results = run, results
        self.log = []

    def all(self):
        for number in range(min(self.rounds, FRESH_STARTS)):
            tell(f"fresh starts, round {number + 1}")
            self.afresh(number)
        with contextlib.ExitStack() as stack:
            self.at_work(self.stand(stack, "cubic", self.entered), measuring.AT_WORK, measuring.AT_THE_END)
        with contextlib.ExitStack() as stack:
            entered = [contender for contender in self.entered if contender.name in IN_BBR]
            try:
                if self.chosen(measuring.UNDER_BBR):
                    self.at_work(self.stand(stack, "bbr", entered), measuring.UNDER_BBR, {})
            except PermissionError:
                for contender in entered:
                    self.keep(contender, "bbr", {"bbr": NOT_ALLOWED})

    def chosen(self, measurements):
        return {name: measure for name, measure in measurements.items() if name.split(".")[0] in self.wanted}

    def afresh(self, number):
        for contender in turned(self.entered, number) if self.chosen(measuring.AFRESH) else ():
            with contextlib.ExitStack() as stack:
                for running in self.stand(stack, "cubic", [contender]):
                    for name, measure in self.chosen(measuring.AFRESH).items():
                        self.measure(running, name, measure)

    def stand(self, stack, congestion_control, entered):
        """Those of `entered` that start, until `stack` ends."""
        standing = []
        for contender in entered:
            try:
                running = self.run(contender, congestion_control)
                stack.callback(running.stop)
                standing.append(running)
            except Failure as failure:
                self.keep(contender, "start", dict.fromkeys(self.wanted, str(failure)))
        return standing

    def at_work(self, standing, measurements, at_the_end):
        measurements, at_the_end = self.chosen(measurements), self.chosen(at_the_end)
        warm_up = dataclasses.replace(self.extent, bulk=self.extent.warm_up, reply=self.extent.warm_up, tries=1,
                                      rate=self.extent.warm_up_connections)
        for running in standing:
            tell(f"warm-up: {running.contender.name}")
            for measure in measurements.values():
                with contextlib.suppress(Failure):
                    running.network.enter()
                    dict(measure(running, warm_up))
        for number in range(self.rounds):
            for turn, (name, measure) in enumerate(measurements.items()):
                tell(f"round {number + 1} of {self.rounds}: {name}")
                for running in turned(standing, number + turn):
                    self.measure(running, name, measure)
        for name, measure in at_the_end.items():
            tell(name)
            for running in standing:
                self.measure(running, name, measure)

    def measure(self, running, name, measure):
        values = {}
        running.said.clear()
        try:
            running.network.enter()
            running.restart_if_it_died()
            values.update(measure(running, self.extent))
        except Failure as failure:
            values[name] = str(failure)
        self.keep(running.contender, name, values, running.said)

    def keep(self, contender, name, values, said=()):
        self.results.add(contender.name, values)
        self.log.append({"contender": contender.name, "measurement": name, "values": values, "load": list(said)})


def turned(them, by):
    """The same, beginning with another one: so nobody always follows the same neighbour."""
    by %= max(len(them), 1)
    return them[by:] + them[:by]


def tell(what):
    print(what, file=sys.stderr, flush=True)
