"""Reads a log in JSON, strictly, and prints protocol, server name and ALPN names of each connection."""
import json
import sys

KEYS = "time level id src dst proto sni alpn route backend in out head_ms connect_ms ms close".split()

with open(sys.argv[1], encoding="utf-8", newline="\n") as log:
    for line in log:
        entry = json.loads(line)
        assert all(c >= " " for c in line.rstrip("\n")), line
        if "message" in entry:
            assert list(entry) == ["time", "level", "message"], line
            continue
        assert list(entry) == KEYS, line
        assert all(isinstance(entry[key], int) for key in ("id", "in", "out", "head_ms", "ms")), line
        assert entry["connect_ms"] is None and entry["backend"] is None, line
        print(*("-" if entry[key] is None else entry[key] for key in ("proto", "sni", "alpn")))
