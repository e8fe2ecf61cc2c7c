"""What is measured: each figure with its name, unit and which way is better."""

import dataclasses

SIZES = {64: "64 B", 1024: "1 KiB", 16384: "16 KiB"}
AT_A_TIME = (32, 1)


@dataclasses.dataclass(frozen=True)
class Figure:
    key: str  # begins with the name of the measurement that yields it, as --only has it
    title: str
    unit: str
    higher_is_better: bool = False

    @property
    def measurement(self):
        return self.key.split(".")[0]

    def text(self, value):
        """Three digits, or all in front of the point."""
        decimals = next((digits for digits, bound in enumerate((100, 10, 1, 0.1)) if value >= bound), 4)
        return f"{value:,.{decimals}f}"

    def better(self, values):
        return max(values) if self.higher_is_better else min(values)

    def advantage(self, value, other):
        """Above 1: `value` is so many times better than `other`."""
        return value / other if self.higher_is_better else other / value


def _replies():
    for size, name in SIZES.items():
        for connections in AT_A_TIME:
            what = f"{name}, {connections} connection{'s' * (connections > 1)}"
            yield Figure(f"reply.{size}.{connections}.rate", f"replies, {what}", "1,000/s", True)
            yield Figure(f"reply.{size}.{connections}.p99", f"reply p99, {what}", "ms")
        yield Figure(f"reply.{size}.32.cpu", f"CPU per 1,000,000 messages, {name}", "s")


FIGURES = [
    Figure("bulk.up.rate", "upload", "Gbit/s", True),
    Figure("bulk.down.rate", "download", "Gbit/s", True),
    Figure("bulk.up.cpu", "CPU per GB up", "s"),
    Figure("bulk.down.cpu", "CPU per GB down", "s"),
    Figure("rate.rate", "TLS connections", "1,000/s", True),
    Figure("rate.p50", "TLS set-up p50", "ms"),
    Figure("rate.p99", "TLS set-up p99", "ms"),
    Figure("rate.p999", "TLS set-up p99.9", "ms"),
    Figure("rate.cpu", "CPU per 1,000 connections", "s"),
    Figure("cold.p999", "TLS set-up p99.9, first seconds after start", "ms"),
    Figure("openvpn.rate", "OpenVPN connections", "1,000/s", True),
    Figure("openvpn.p50", "OpenVPN set-up p50", "ms"),
    Figure("openvpn.p99", "OpenVPN set-up p99", "ms"),
    Figure("openvpn.p999", "OpenVPN set-up p99.9", "ms"),
    *_replies(),
    Figure("memory.start", "memory after start", "MB"),
    Figure("idle.memory", "memory with idle connections", "MB"),
    Figure("start.ms", "start to listening", "ms"),
    Figure("calls.32", "system calls per connection, 32 at a time", ""),
    Figure("calls.1", "system calls per connection, 1 at a time", ""),
    Figure("bbr.up.rate", "upload under bbr", "Gbit/s", True),
    Figure("bbr.down.rate", "download under bbr", "Gbit/s", True),
]
BY_KEY = {figure.key: figure for figure in FIGURES}
MEASUREMENTS = list(dict.fromkeys(figure.measurement for figure in FIGURES))
