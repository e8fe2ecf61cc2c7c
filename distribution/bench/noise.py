"""How much of the processors went elsewhere while something was measured: to other programs, and to other guests."""

import os

from group import processor_seconds


class Noise:
    def __init__(self):
        self.began = self._now()

    def percent(self):
        """(to other programs, to other guests of the host), of all processor time since this object was made."""
        all_, busy, steal, own = (now - then for now, then in zip(self._now(), self.began, strict=True))
        return max(100 * (busy - own) / all_, 0), 100 * steal / all_

    @staticmethod
    def _now():
        with open("/proc/stat", encoding="ascii") as file:
            ticks = [int(word) / os.sysconf("SC_CLK_TCK") for word in file.readline().split()[1:9]]
        user, nice, system, idle, waiting, interrupts, soft_interrupts, steal = ticks
        # Interrupts are left out: kernels differ in whose account they go to.
        return sum(ticks), user + nice + system, steal, processor_seconds()
