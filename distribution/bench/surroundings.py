"""The namespaces that all runs in: nothing of it touches the machine's network, and nothing of it outlives the run."""

import os
import resource
import sys

INSIDE = "PORTSHARE_BENCH_INSIDE"
DESCRIPTORS = 20_200  # what a proxy needs for 10,000 connections


def enter():
    """Starts this program again, in namespaces of its own, as process 1: with it ends all that it started."""
    if os.environ.get(INSIDE):
        return
    if os.geteuid() != 0:
        sys.exit("bench/run: must be root: it makes namespaces and control groups; they end with it")
    unshare = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    os.environ[INSIDE] = "1"
    os.execvp(unshare[0], [*unshare, "--", sys.executable, *sys.argv])


def raise_limits():
    """As many descriptors as may be had, up to what is needed. Returns how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, max(hard, DESCRIPTORS)))
        return DESCRIPTORS
    except (ValueError, OSError):  # not even root may go beyond the hard limit everywhere
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        return hard
