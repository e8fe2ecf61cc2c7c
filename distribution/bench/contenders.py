"""Who is measured, and how each is started: one process or thread that moves data, as a competent admin sets it up."""

import dataclasses
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).parent
BACKENDS = {"tls": "127.0.0.1:8443", "openvpn": "127.0.0.1:1194"}
FRONT = {"tls": "127.0.0.1:443", "openvpn": "127.0.0.1:443"}


@dataclasses.dataclass(frozen=True)
class Contender:
    name: str
    program: str = ""
    package: str = ""  # of Debian
    template: str = ""  # in peers/
    arguments: tuple = ()
    version: tuple = ()  # what prints it
    openvpn: bool = True  # takes OpenVPN's first flights to another server
    splices: bool = False  # asked to move data inside the kernel
    needed: bool = True  # False: left out where Debian does not have it
    values: dict = dataclasses.field(default_factory=dict)  # for @NAME@ in the template

    @property
    def proxy(self):
        return bool(self.program)

    @property
    def addresses(self):
        return FRONT if self.proxy else BACKENDS

    def installed(self):
        return not self.proxy or shutil.which(self.program) is not None

    def command(self, work, descriptors):
        """Writes its configuration into `work`."""
        configuration = pathlib.Path(work, self.name + "-" + self.template)
        text = pathlib.Path(HERE, "peers", self.template).read_text()
        # A connection takes two descriptors; a proxy needs some for itself, and for HAProxy's pipes.
        values = {"WORK": work, "DESCRIPTORS": descriptors, "CONNECTIONS": (descriptors - 150) // 2, **self.values}
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        configuration.write_text(text)
        return [self.program, *(argument.replace("@FILE@", str(configuration)) for argument in self.arguments)]

    def version_line(self):
        if not self.proxy:
            return ""
        told = subprocess.run([self.program, *self.version], capture_output=True, text=True, timeout=20, check=False)
        return ((told.stdout + told.stderr).strip().splitlines() or ["unknown"])[0]


def contenders(portshare):
    """All of them; `portshare` is the folder of the image."""
    haproxy = {"program": "haproxy", "package": "haproxy", "template": "haproxy.cfg",
               "arguments": ("-f", "@FILE@"), "version": ("-v",)}
    sslh = {"package": "sslh", "template": "sslh.cfg", "arguments": ("-F@FILE@",), "version": ("-V",)}
    splice = "    option splice-request\n    option splice-response"
    return [
        Contender("direct"),
        Contender("portshare", str(pathlib.Path(portshare, "bin", "portshare")), "", "portshare.yaml",
                  ("run", "--loops", "1", "--config", "@FILE@"), ("--version",), splices=True),
        Contender("haproxy", values={"SPLICE": ""}, **haproxy),
        Contender("haproxy-splice", values={"SPLICE": splice}, splices=True, **haproxy),
        Contender("nginx", "nginx", "nginx libnginx-mod-stream", "nginx.conf", ("-c", "@FILE@"), ("-v",)),
        Contender("sniproxy", "sniproxy", "sniproxy", "sniproxy.conf", ("-f", "-c", "@FILE@"), ("-V",)),
        Contender("sslh-fork", "sslh", **sslh),
        Contender("sslh-select", "sslh-select", **sslh),
        Contender("sslh-ev", "sslh-ev", needed=False, **sslh),
        Contender("openvpn", "openvpn", "openvpn", "openvpn.conf", ("--config", "@FILE@"), ("--version",),
                  openvpn=False),
    ]
