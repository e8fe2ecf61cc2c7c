"""A control group: the processor time of all processes ever in it, ended ones included, and an end to all of them."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time

_ours = None


def enclose():
    """Puts this process and all that it will start into a group; each `Group` is one inside it."""
    global _ours
    # The mount is seen in this mount namespace only; what is mounted there is the kernel's one such hierarchy.
    hierarchy = pathlib.Path(tempfile.mkdtemp(prefix="portshare-bench-"))
    subprocess.run(["mount", "-t", "cgroup2", "none", hierarchy], check=True)
    _ours = hierarchy / f"portshare-bench-{os.stat('/proc/self/ns/pid').st_ino}"
    _ours.mkdir()
    (_ours / "cgroup.procs").write_text("0")


def dissolve():
    hierarchy = _ours.parent
    (hierarchy / "cgroup.procs").write_text("0")
    _reap()
    _ours.rmdir()
    subprocess.run(["umount", hierarchy], check=True)
    hierarchy.rmdir()


def processor_seconds(path=None):
    """Of the processes in a group and in the groups inside it; of all that are ours, where none is given."""
    fields = dict(line.split() for line in ((path or _ours) / "cpu.stat").read_text().splitlines())
    return int(fields["usage_usec"]) / 1e6


class Group:
    def __init__(self, name):
        self.path = _ours / name
        self.path.mkdir()
        self.main = None

    def start(self, command, **options):
        def enter():
            (self.path / "cgroup.procs").write_text("0")

        self.main = subprocess.Popen(command, preexec_fn=enter, **options)
        return self.main

    def cpu_seconds(self):
        return processor_seconds(self.path)

    def pids(self):
        return [int(pid) for pid in (self.path / "cgroup.procs").read_text().split()]

    def pss_mb(self):
        """Proportional set size of all its processes: what is shared counts once."""
        kilobytes = 0
        for pid in self.pids():
            try:
                lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            except OSError:  # it ended
                continue
            kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return kilobytes * 1024 / 1e6

    def stop(self):
        if self.main and self.main.poll() is None:
            self.main.send_signal(signal.SIGTERM)
            try:
                self.main.wait(2)
            except subprocess.TimeoutExpired:
                pass
        (self.path / "cgroup.kill").write_text("1")
        if self.main:
            self.main.wait()
        for _ in range(200):
            try:
                self.path.rmdir()
                return
            except OSError:  # processes that are ending
                time.sleep(0.02)
                _reap()
        raise OSError(f"{self.path}: its processes do not end")


def _reap():
    """As process 1 of this namespace we are the parent of whoever lost his."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
