package dev.portshare.cli.doctor;

import dev.portshare.listen.ListenAddress;
import dev.portshare.session.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether portshare could listen where it should. */
final class ListenCheck {
    private static final int NET_BIND_SERVICE = 10;
    /** What portshare asks for; the kernel cuts it down to net.core.somaxconn. */
    private static final long BACKLOG = 4096;

    private static final String SOMAXCONN = "net/core/somaxconn";

    private final Machine machine;
    private final List<Diagnosis> found = new ArrayList<>();

    private ListenCheck(Machine machine) {
        this.machine = machine;
    }

    static List<Diagnosis> of(List<ListenAddress> addresses, Machine machine) {
        ListenCheck check = new ListenCheck(machine);
        addresses.forEach(check::address);
        check.backlog();
        return check.found;
    }

    private void address(ListenAddress address) {
        switch (address) {
            case ListenAddress.Any(int port) -> {
                ipv6(port);
                port(new InetSocketAddress(InetAddress.ofLiteral("::"), port));
            }
            case ListenAddress.Tcp tcp -> tcp(tcp);
            case ListenAddress.Unix(String path) -> {
                if (path.startsWith("/")) {
                    folder(Path.of(path));
                }
            }
            default -> {
                // Passed by whoever starts portshare.
            }
        }
    }

    private void tcp(ListenAddress.Tcp tcp) {
        try {
            InetAddress literal = tcp.literal();
            port(new InetSocketAddress(literal == null ? InetAddress.getByName(tcp.host()) : literal, tcp.port()));
        } catch (UnknownHostException _) {
            add(
                    "no address is known for " + tcp.host() + ", in listen",
                    "portshare would not know where to listen",
                    "getent ahosts " + tcp.host()
                            + " shows what the machine knows; write an address of this machine, or"
                            + " the port alone for all of them");
        }
    }

    private void ipv6(int port) {
        boolean isOff =
                machine.proc().parameter("net/ipv6/conf/all/disable_ipv6").orElse(1) == 1;
        if (isOff) {
            add(
                    "IPv6 is switched off on this machine, and listen asks for both families",
                    "port " + port + " gets IPv4 clients only, and names with an AAAA record lead nowhere",
                    "sysctl -w net.ipv6.conf.all.disable_ipv6=0, or write 0.0.0.0:" + port
                            + " to say that IPv4 is all");
        }
    }

    private void port(InetSocketAddress address) {
        if (address.getPort() == 0 || machine.canBind(address)) {
            return;
        }
        String where = Endpoint.of(address).toString();
        if (!machine.hasAddress(address)) {
            add(
                    "this machine has no address " + address.getAddress().getHostAddress(),
                    "portshare cannot listen on " + where,
                    "ip address show lists those it has; write one of them in listen, or the port alone for all");
        } else if (address.getPort()
                        < machine.proc()
                                .parameter("net/ipv4/ip_unprivileged_port_start")
                                .orElse(1024)
                && !machine.proc().hasCapability(NET_BIND_SERVICE)) {
            add(
                    "this user may not listen on port " + address.getPort(),
                    "it takes root or CAP_NET_BIND_SERVICE, of which the systemd unit that comes with portshare has the"
                            + " latter",
                    "in a unit of your own, AmbientCapabilities=CAP_NET_BIND_SERVICE (systemctl edit portshare); or for"
                            + " every user of this machine, sysctl -w net.ipv4.ip_unprivileged_port_start="
                            + address.getPort());
        } else {
            taken(address.getPort(), where);
        }
    }

    private void taken(int port, String where) {
        List<Proc.Program> owners = machine.proc().listeners().stream()
                .filter(listener -> listener.port() == port)
                .flatMap(listener -> machine.proc().owner(listener.inode()).stream())
                .distinct()
                .toList();
        if (owners.stream().anyMatch(Proc.Program::isPortshare)) {
            return;
        }
        String why = "portshare cannot listen there while another program does";
        if (owners.isEmpty()) {
            add(
                    where + " is taken",
                    why,
                    "as root, ss -ltnp 'sport = :" + port
                            + "' tells by whom; stop that, or let it listen on another port");
            return;
        }
        Proc.Program owner = owners.getFirst();
        Optional<String> unit = owner.unit();
        String stop = unit.map(name -> "systemctl disable --now " + name).orElse("kill " + owner.pid());
        add(
                where + " is taken by " + owner,
                why,
                "let it listen on another port, such as 127.0.0.1:8443, and give it a route; or stop it: " + stop);
    }

    private void folder(Path path) {
        Path folder = path.getParent();
        if (folder != null && (!Files.isDirectory(folder) || !Files.isWritable(folder))) {
            add(
                    folder + (Files.isDirectory(folder) ? " is not writable for this user" : " is no folder"),
                    "portshare cannot make its socket " + path + " there",
                    "install -d -o portshare -g portshare " + folder);
        }
    }

    private void backlog() {
        long limit = machine.proc().parameter(SOMAXCONN).orElse(BACKLOG);
        if (limit < BACKLOG) {
            found.add(new Diagnosis(
                    "backlog",
                    "net.core.somaxconn is " + limit,
                    "when more clients than that connect at the same moment, the kernel drops them, and they try again"
                            + " a second later or give up; portshare asks for " + BACKLOG,
                    "sysctl -w net.core.somaxconn=" + BACKLOG + ", then restart portshare"));
        }
        for (TcpListener listener : machine.proc().listeners()) {
            if (listener.waiting() >= Math.min(limit, BACKLOG)
                    && machine.proc().owner(listener.inode()).stream().anyMatch(Proc.Program::isPortshare)) {
                found.add(new Diagnosis(
                        "backlog",
                        listener.waiting() + " clients of port " + listener.port() + " wait to be accepted",
                        "the kernel drops further ones",
                        "journalctl -u portshare -p warning -n 20 tells whether open files have run out; otherwise,"
                                + " give portshare more processors"));
            }
        }
    }

    private void add(String finding, String why, String remedy) {
        found.add(new Diagnosis("port", finding, why, remedy));
    }
}
