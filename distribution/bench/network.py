"""Network namespaces, with nothing in them but loopback."""

import ctypes
import os
import subprocess

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


class Network:
    """
    What is started after `enter` has its sockets there. Each contender has a namespace of its own, so all can stand
    at the same addresses, and none has to live with another's 50,000 closed connections in TIME_WAIT.
    """

    def __init__(self, congestion_control):
        self._outside = os.open("/proc/self/ns/net", os.O_RDONLY)
        _check(_libc.unshare(CLONE_NEWNET))
        self._namespace = os.open("/proc/self/ns/net", os.O_RDONLY)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        # Thousands of connections a second from one address to one port; TIME_WAIT never ends early for want of room.
        _set("net/ipv4/ip_local_port_range", "10240 65535")
        _set("net/ipv4/tcp_max_tw_buckets", "2000000")
        _set("net/core/somaxconn", "4096")
        if congestion_control == "cubic":
            # By route, since a namespace may set by sysctl only what the host's net.ipv4.tcp_allowed_congestion_control
            # lists, and that is what the host uses, besides reno. (127.0.0.1 has a route apart from 127.0.0.0/8.)
            route = ["ip", "route", "replace", "local", "127.0.0.1", "dev", "lo", "table", "local", "congctl", "cubic"]
            subprocess.run(route, check=True)
        else:
            # By sysctl, since a route would override what a contender chooses for a connection.
            _set("net/ipv4/tcp_congestion_control", congestion_control)

    def enter(self):
        _check(_libc.setns(self._namespace, CLONE_NEWNET))

    def leave(self):
        """For good: the namespace ends with the last process in it."""
        _check(_libc.setns(self._outside, CLONE_NEWNET))
        os.close(self._outside)
        os.close(self._namespace)


def _check(result):
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _set(name, value):
    """A sysctl of the namespace that this process is in."""
    with open("/proc/sys/" + name, "w", encoding="ascii") as file:
        file.write(value)
