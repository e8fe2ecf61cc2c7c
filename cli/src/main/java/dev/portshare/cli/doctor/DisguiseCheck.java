package dev.portshare.cli.doctor;

import dev.portshare.config.Configuration;
import dev.portshare.config.Exposure;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.route.Backend;
import dev.portshare.route.Facts;
import dev.portshare.route.Proofs;
import dev.portshare.route.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What strangers find: an OpenVPN server that answers them, or a web server that is not like those in public. */
final class DisguiseCheck {
    /** The first packet of a client without tls-auth or tls-crypt; any session id does. */
    private static final byte[] RESET = {0, 14, 0x38, 'p', 'o', 'r', 't', 's', 'h', 'a', 'r', 0, 0, 0, 0, 0};
    /** What no client of a web server sends. */
    private static final byte[] GARBAGE = {0, 0, 0, 0};

    private final Configuration configuration;
    private final Machine machine;
    private final List<Diagnosis> found = new ArrayList<>();

    private DisguiseCheck(Configuration configuration, Machine machine) {
        this.configuration = configuration;
        this.machine = machine;
    }

    static List<Diagnosis> of(Configuration configuration, Machine machine) {
        DisguiseCheck check = new DisguiseCheck(configuration, machine);
        Exposure.of(configuration).forEach(check::openVpn);
        if (Proofs.areRequired(configuration.routes())) {
            check.strangersBackends().forEach(check::webServer);
        }
        return check.found;
    }

    private void openVpn(int place) {
        configuration.routes().get(place).to().tcpBackends().forEach(this::openVpn);
    }

    private void openVpn(Backend.Tcp backend) {
        if (machine.ask(backend, RESET).begins(0, 0x1a, 0x40)) {
            found.add(new Diagnosis(
                    "openvpn",
                    "OpenVPN at " + backend + " answers strangers: it has neither tls-auth nor tls-crypt",
                    "a single packet finds it through portshare, and all of its code that comes before the handshake's"
                            + " end is open to everybody",
                    "openvpn --genkey tls-crypt tc.key, a line \"tls-crypt tc.key\" in the server's configuration and"
                            + " in its clients'; then openvpn-key: {config: SERVER.CONF} in the route's when, and"
                            + " strangers do not reach it at all"));
        }
    }

    /** Where those are led who are no OpenVPN clients, and nothing else that is known. */
    private Set<Backend.Tcp> strangersBackends() {
        RouteTable table = new RouteTable(configuration.routes());
        Detection.Match stranger = Detection.Match.of(Detectors.UNRECOGNISED);
        return configuration.listen().stream()
                .map(address -> table.decide(new Facts(stranger, null, address.toString())))
                // One that waits for a PROXY header ends whoever has none.
                .filter(route -> route != null && route.proxyProtocol() == null)
                .flatMap(route -> route.to().tcpBackends().stream())
                .collect(Collectors.toSet());
    }

    private void webServer(Backend.Tcp backend) {
        Reply silence = machine.ask(backend, new byte[0]);
        Reply garbage = machine.ask(backend, GARBAGE);
        if (silence.end() == Reply.End.CLOSED || silence.end() == Reply.End.RESET) {
            add(
                    backend,
                    "ends a connection before its client has said anything",
                    "let it listen without proxy_protocol, and for the whole of this machine; a web server waits for"
                            + " its clients");
        } else if (garbage.end() == Reply.End.RESET) {
            add(
                    backend,
                    "resets whoever sends what it does not understand",
                    "put a web server there that answers with an error, or an alert, and closes, as nginx does");
        }
    }

    private void add(Backend.Tcp backend, String finding, String remedy) {
        found.add(new Diagnosis(
                "disguise",
                backend + ", where strangers are led, " + finding,
                "that is not what web servers do in public, so whoever looks for something hidden goes on looking",
                remedy));
    }
}
