"""What it ran on, and what ran."""

import os
import pathlib
import platform
import re


def description(command, entered, rounds, others, steal):
    cpu = re.search(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    system = re.search(r'^PRETTY_NAME="?([^"\n]*)', pathlib.Path("/etc/os-release").read_text(), re.M)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return "\n".join([
        f"`{command}`, rounds: {rounds}. {os.cpu_count()} processors ({cpu.group(1) if cpu else platform.machine()}), "
        f"{memory:.0f} GB, Linux {platform.release()}, {system.group(1) if system else 'unknown system'}.",
        f"Meanwhile {others:.1f} % of the processors went to other programs, at least, {steal:.1f} % to other guests.",
        "",
        *(f"- {contender.name}: {contender.version_line()}" for contender in entered if contender.proxy),
    ])

