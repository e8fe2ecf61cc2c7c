"""Builds and calls the load generator."""

import json
import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent
CORPUS = HERE.parent.parent / "core" / "src" / "test" / "resources" / "corpus"
# What clients send today: a browser's ClientHello with a post-quantum key share, and a reset under tls-crypt.
HEADS = {"tls": CORPUS / "tls-chromium-1.bin", "openvpn": CORPUS / "openvpn-tlscrypt-1.bin"}


class Failure(Exception):
    """A contender did not do what it was asked; the message goes into its cell."""


class Traffic:
    def __init__(self, work):
        self.program = str(pathlib.Path(work, "load"))
        sources = sorted(map(str, (HERE / "load").glob("*.c")))
        subprocess.run(["cc", "-O2", "-Wall", "-o", self.program, *sources], check=True)

    def serve(self, addresses):
        """The backend."""
        return subprocess.Popen([self.program, "serve", addresses["tls"], addresses["openvpn"]])

    def command(self, *what, to, head="tls", **options):
        words = [f"--{name}={value}" for name, value in options.items()]
        return [self.program, *what, to[head], f"--head={HEADS[head]}", *words]

    def load(self, *what, **options):
        """Runs it to its end and returns what it says; connections that failed are a Failure."""
        try:
            done = subprocess.run(self.command(*what, **options), capture_output=True, text=True,
                                  timeout=float(options.get("seconds", 0)) + 20, check=False)
        except subprocess.TimeoutExpired:
            raise Failure("hangs") from None
        if done.returncode:
            raise Failure(done.stderr.strip() or f"load ended with {done.returncode}")
        said = json.loads(done.stdout)
        failed, stuck = said["failed"], said.get("stuck", 0)
        if failed or stuck:
            whole = said.get("completed")
            of = f" of {whole + failed + stuck:,}" if whole is not None else ""
            words = [f"{count:,} {word}" for count, word in ((failed, "failed"), (stuck, "stuck")) if count]
            raise Failure(" and ".join(words) + of)
        return said

    def hold(self, **options):
        """Opens idle connections. Returns (process, how many stand); closing its standard input ends them."""
        process = subprocess.Popen(self.command("idle", **options), text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return process, json.loads(process.stdout.readline())["standing"]
