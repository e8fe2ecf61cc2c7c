"""The namespaces that all runs in: nothing of it touches the machine's network, and nothing of it outlives the run."""

import ctypes
import os
import resource
import subprocess
import sys

CLONE_NEWNET = 0x40000000
INSIDE = "PORTSHARE_BENCH_INSIDE"


def enter():
    """Starts this program again, in namespaces of its own, as process 1: when it ends, the kernel ends all it started."""
    if os.environ.get(INSIDE):
        return
    if os.geteuid() != 0:
        sys.exit("bench/run: must be root: it makes network namespaces and control groups, and gives them up at the end")
    unshare = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    os.environ[INSIDE] = "1"
    os.execvp(unshare[0], [*unshare, "--", sys.executable, *sys.argv])


def raise_limits():
    """As many descriptors as may be had, up to what 10,000 connections through a proxy take. Returns how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (max(hard, 20_200), hard):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
            return min(wanted, 20_200)
        except (ValueError, OSError):
            continue
    raise OSError("no limit on descriptors can be set")


def new_network(congestion_control):
    """
    A fresh network namespace for what is started from now on. A namespace takes its closed connections with it: one
    contender's 100,000 sockets in TIME_WAIT are not the next one's burden.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    # 15,000 connections a second from one address to one port; TIME_WAIT never ends early for want of room.
    set_sysctl("net/ipv4/ip_local_port_range", "10240 65535")
    set_sysctl("net/ipv4/tcp_max_tw_buckets", "2000000")
    set_sysctl("net/core/somaxconn", "4096")
    if congestion_control == "cubic":
        # By route, since a namespace may set by sysctl only what the host's net.ipv4.tcp_allowed_congestion_control
        # lists, and that is what the host uses, besides reno.
        route = ["ip", "route", "replace", "local", "127.0.0.1", "dev", "lo", "table", "local", "congctl", "cubic"]
        subprocess.run(route, check=True)
    else:
        # By sysctl, since a route would override what a contender chooses for a connection.
        set_sysctl("net/ipv4/tcp_congestion_control", congestion_control)


def set_sysctl(name, value):
    with open("/proc/sys/" + name, "w", encoding="ascii") as file:
        file.write(value)
