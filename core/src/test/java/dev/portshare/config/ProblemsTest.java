package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong, where, and what to write instead. */
class ProblemsTest {
    private static final String ROUTE = "routes: [{to: reject}]\n";

    /** A file whose first route has {@code when} on line 3, from column 17. */
    static String when(String when) {
        return "listen: 443\nroutes:\n  - when: {" + when + "}\n    to: reject\n";
    }

    /** A file whose first route has its target on line 3, from column 9. */
    private static String to(String to) {
        return "listen: 443\nroutes:\n  - to: " + to + "\n";
    }

    private static String timeouts(String timeouts) {
        return "listen: 443\n" + ROUTE + "timeouts: {" + timeouts + "}\n";
    }

    /** A file whose gate stands on line 3, from column 7. */
    private static String gate(String gate) {
        return "listen: 443\nroutes: [{name: ssh, to: 127.0.0.1:22}, {to: reject}]\ngate: " + gate + "\n";
    }

    private static String log(String log) {
        return "listen: 443\n" + ROUTE + "log: {" + log + "}\n";
    }

    /** A file whose listener has {@code proxyProtocol} on line 1, from column 42. */
    private static String proxied(String proxyProtocol) {
        return "listen: [{address: 443, proxy-protocol: " + proxyProtocol + "}]\n" + ROUTE;
    }

    static Stream<Arguments> listeners() {
        return Stream.of(
                arguments(
                        "listen: [{proxy-protocol: {from: 10.0.0.0/8}}]\n" + ROUTE,
                        ":1:10: listen[0]: no \"address\"; write one such as address: 443"),
                arguments(
                        "listen: {adress: 443, address: 443}\n" + ROUTE,
                        ":1:10: listen.adress: unknown key; did you mean \"address\"?"),
                arguments(
                        "listen: [443, {address: 443}]\n" + ROUTE,
                        ":1:25: listen[1].address: \":443\" twice; leave one out"),
                arguments(
                        "listen: {address: 443, deny: [127.0.0.1/8]}\n" + ROUTE,
                        ":1:31: listen.deny[0]: host bits in \"127.0.0.1/8\"; write 127.0.0.0/8"),
                arguments(
                        "listen: {address: 443, allow: /nonexistent}\n" + ROUTE,
                        ":1:31: listen.allow: cannot read /nonexistent: no such file"),
                arguments(
                        "listen: {address: \"unix:@p\", deny: 10.0.0.0/8}\n" + ROUTE,
                        ":1:36: listen.deny: clients of \"unix:@p\" have no address; leave it out"),
                arguments(
                        proxied("true"),
                        ":1:41: listen[0].proxy-protocol: expected the proxies that are believed, such as"
                                + " {from: [10.0.0.0/8]}, found a word"),
                arguments(
                        proxied("{}"),
                        ":1:41: listen[0].proxy-protocol: no \"from\"; write the addresses of the proxies that are"
                                + " believed, such as from: [10.0.0.0/8]"),
                arguments(
                        proxied("{from: []}"),
                        ":1:48: listen[0].proxy-protocol.from: expected a CIDR, a file or unix or a list of them, found"
                                + " an empty list"),
                arguments(
                        proxied("{from: [10.0.0.0/8, lb.example.org]}"),
                        ":1:61: listen[0].proxy-protocol.from[1]: \"lb.example.org\" is no CIDR; write one such as"
                                + " 192.0.2.0/24 or 2001:db8::/32"),
                arguments(
                        proxied("{from: \"unix:\"}"),
                        ":1:48: listen[0].proxy-protocol.from: clients on Unix sockets have no address; write unix for"
                                + " all of them"),
                arguments(
                        proxied("{from: ./missing.txt}"),
                        ":1:48: listen[0].proxy-protocol.from: cannot read src/test/resources/routes/missing.txt: no"
                                + " such file"),
                arguments(
                        "listen: {address: \"unix:/run/x\", proxy-protocol: {from: 10.0.0.0/8}}\n" + ROUTE,
                        ":1:57: listen.proxy-protocol.from: clients of \"unix:/run/x\" have no address; write unix to"
                                + " believe all who may open the socket"));
    }

    static Stream<Arguments> keys() {
        return Stream.of(
                arguments("# empty\n", ": nothing in it; write \"listen\" and \"routes\""),
                arguments("[]", ":1:1: expected a mapping with \"listen\" and \"routes\", found a list"),
                arguments(ROUTE, ":1:1: no \"listen\"; write one such as listen: 443"),
                arguments("listen: 443\n", ":1:1: no \"routes\"; write a list such as routes: [{to: 127.0.0.1:8443}]"),
                arguments("lisen: 443\n" + ROUTE + "listen: 443", ":1:1: lisen: unknown key; did you mean \"listen\"?"),
                arguments(
                        "x: 1\nlisten: 443\n" + ROUTE,
                        ":1:1: x: unknown key; write one of listen, detectors, routes, gate, timeouts,"
                                + " openvpn-clock, mapped, limits, log, admin, at-restart, state-dir, watch"),
                arguments("[a]: 1\nlisten: 443\n" + ROUTE, ":1:1: a key must be one word"),
                arguments(
                        "<<: {a: 1}\nlisten: 443\n" + ROUTE,
                        ":1:1: <<: merge keys are not supported; write the keys out"),
                arguments(
                        "listen: 443\n" + ROUTE + "listen: 80\n",
                        ":3:1: listen: duplicate key; the first is in line 1"),
                arguments(when("snl: x"), ":3:12: routes[0].when.snl: unknown key; did you mean \"sni\"?"),
                arguments(
                        "listen: 443\n" + ROUTE + "limits: {head-bytes: 64KiB}\n",
                        ":3:22: limits.head-bytes: \"64KiB\" is too little for one head on each event loop; write at"
                                + " least 1MiB"),
                arguments(
                        "listen: 443\n" + ROUTE + "limits: {connections: 0}\n",
                        ":3:23: limits.connections: \"0\" is no limit; write a number from 1 to 1000000000"),
                arguments(
                        "listen: {address: 443, connections: many}\n" + ROUTE,
                        ":1:37: listen.connections: \"many\" is no limit; write a number from 1 to 1000000000"),
                arguments(
                        "listen: 443\n" + ROUTE + "limits: {excess: drop}\n",
                        ":3:18: limits.excess: \"drop\" is neither close nor wait; write one of them"),
                arguments(
                        "listen: 443\n" + ROUTE + "limits: {routes: {vpn: 3}}\n",
                        ":3:19: limits.routes: no route \"vpn\" that leads to a backend; leave it out"),
                arguments(
                        "listen: 443\nroutes: [{name: web, to: 127.0.0.1:1}]\nlimits: {routes: {wbe: 3}}\n",
                        ":3:19: limits.routes: no route \"wbe\" that leads to a backend; did you mean \"web\"?"),
                arguments(
                        "listen: 443\nroutes: [{name: a, to: 127.0.0.1:1}]\nlimits: {reserve: {a: 3}}\n",
                        ":3:19: limits.reserve: there is no limit to keep places of; write one such as connections:"
                                + " 10000"),
                arguments(
                        "listen: 443\nroutes: [{name: a, to: 127.0.0.1:1}]\nlimits: {connections: 3, reserve: {a:"
                                + " 3}}\n",
                        ":3:35: limits.reserve: no place is left for others; write less in all than connections, 3"),
                arguments(
                        "listen: 443\nroutes: [{name: a, to: 127.0.0.1:1}]\nlimits: {excess: wait, connections: 9,"
                                + " reserve: {a: 3}}\n",
                        ":3:18: limits.excess: whose turn it is shows only once a client is accepted; write close, or"
                                + " no reserve"),
                arguments(
                        to("reject\n    allow: 10.0.0.0/8"),
                        ":4:12: routes[0].allow: nobody who is rejected gets any further; leave it out"),
                arguments(
                        to("reject\n    deny: ::1"),
                        ":4:11: routes[0].deny: nobody who is rejected gets any further; leave it out"),
                arguments(
                        gate("{sni: a, opens: shs, for: 10m}"),
                        ":3:23: gate.opens: no route \"shs\" that leads to a backend; did you mean \"ssh\"?"),
                arguments(
                        gate("[{sni: '*.a.org', opens: ssh, for: 10m}]"),
                        ":3:14: gate[0].sni: \"*.a.org\" is more than one name; write the one that is to open it,"
                                + " such as knock-5f2c9a.example.org"),
                arguments(
                        gate("{sni: a, opens: [ssh, b], for: 10m}"),
                        ":3:29: gate.opens[1]: no route \"b\" that leads to a backend; write one of ssh"),
                arguments(
                        gate("{sni: a, opens: ssh}"),
                        ":3:7: gate: no \"for\"; write how long a knock opens it, such as for: 10m"),
                arguments(
                        gate("{sni: a, opens: ssh, for: 0s}"),
                        ":3:33: gate.for: must be longer than 0s; write one such as 5s"),
                arguments(
                        gate("[{sni: a, opens: ssh, for: 1m}, {sni: A., opens: ssh, for: 2m}]"),
                        ":3:45: gate[1].sni: another gate has this name, in line 3; write one gate, and list in"
                                + " \"opens\" all that it opens"),
                arguments(
                        "listen: 443\n" + ROUTE + "at-restart: hand-over\n",
                        ":3:13: at-restart: \"hand-over\" is neither drain nor hand-on; write one of them"),
                arguments(
                        "listen: 443\n" + ROUTE + "state-dir: portshare\n",
                        ":3:12: state-dir: \"portshare\" does not say where it lies; write /var/lib/portshare, or"
                                + " ./state for one beside this file"),
                arguments(
                        "listen: 443\n" + ROUTE + "watch: yes\n",
                        ":3:8: watch: \"yes\" is neither true nor false; write one of them"),
                arguments(
                        to("reject\n    balance: round-robin"),
                        ":4:14: routes[0].balance: a connection that is rejected has no backend; leave it out"),
                arguments(
                        to("127.0.0.1:1\n    balance: source-hash"),
                        ":4:14: routes[0].balance: there is but one backend to lead to; leave it out, or write a list:"
                                + " to: [HOST:PORT, HOST:PORT]"),
                arguments(
                        to("[127.0.0.1:1, 127.0.0.1:2]\n    balance: random"),
                        ":4:14: routes[0].balance: \"random\" is no way to choose a backend; write round-robin,"
                                + " least-connections, source-hash or first-alive"),
                arguments(
                        to("[127.0.0.1:1, 127.0.0.1:1]"),
                        ":3:23: routes[0].to[1]: the same backend as in line 3; leave it out, or give it a weight:"
                                + " {backend: HOST:PORT, weight: 2}"),
                arguments(
                        to("[127.0.0.1:1, reject]"),
                        ":3:23: routes[0].to[1]: reject among backends; write to: reject in a route of its own"),
                arguments(
                        to("[127.0.0.1:1, \"srv:_https._tcp.example.org\"]"),
                        ":3:23: routes[0].to[1]: the records of a service say themselves which servers come first, and"
                                + " how much each gets; write it alone"),
                arguments(
                        to("srv:_https.example.org"),
                        ":3:9: routes[0].to: \"srv:_https.example.org\" names no service of DNS; write"
                                + " srv:_SERVICE._tcp.NAME, as in srv:_https._tcp.example.org"),
                arguments(
                        to("[{backend: 127.0.0.1:1, weight: 0}, 127.0.0.1:2]"),
                        ":3:41: routes[0].to[0].weight: \"0\" is no number from 1 to 100; write such as 2"),
                arguments(
                        to("[{weight: 2}, 127.0.0.1:2]"),
                        ":3:10: routes[0].to[0]: no \"backend\"; write it, as in {backend: 10.0.0.5:443, weight: 2}"),
                arguments(
                        to("[{backend: 127.0.0.1:1, backup: true}]"),
                        ":3:9: routes[0].to: all of them are backups; write at least one without"),
                arguments(
                        to("127.0.0.1:1\n    health: {check: ping}"),
                        ":4:21: routes[0].health.check: \"ping\" is no check; write tcp, tls or openvpn"),
                arguments(
                        to("127.0.0.1:1\n    health: {every: 1s}"),
                        ":4:21: routes[0].health.every: nothing is checked; write check: tcp, tls or openvpn, or leave"
                                + " it out"),
                arguments(
                        to("127.0.0.1:1\n    health: {check: tcp, name: example.org}"),
                        ":4:32: routes[0].health.name: only a check for TLS asks for a name; write check: tls, or leave"
                                + " it out"),
                arguments(
                        to("unix:@app\n    health: {check: tcp}"),
                        ":4:13: routes[0].health: a check cannot connect to an abstract socket such as unix:@app; have"
                                + " the backend listen on a path, or leave out check"),
                arguments(
                        to("127.0.0.1:1\n    health: {check: tls, name: \"*.example.org\"}"),
                        ":4:32: routes[0].health.name: \"*.example.org\" is a pattern; write one name to ask for"),
                arguments(
                        to("127.0.0.1:1\n    health: {check: tls, name: a b}"),
                        ":4:32: routes[0].health.name: illegal character \" \" in \"a b\"; a name has letters, digits,"
                                + " \"-\", \"_\" and \".\""),
                arguments(
                        when("openvpn-key: k"),
                        ":3:25: routes[0].when.openvpn-key: expected a key such as {config:"
                                + " /etc/openvpn/server/server.conf}, or {tls-crypt: FILE}, found a word"));
    }

    static Stream<Arguments> addresses() {
        return Stream.of(
                arguments("listen:\n" + ROUTE, ":1:8: listen: expected an address, found nothing"),
                arguments(
                        "listen: [443, [80]]\n" + ROUTE,
                        ":1:15: listen[1]: expected an address, found a list; quote it if it is a word"),
                arguments(
                        "listen: !env PORT\n" + ROUTE,
                        ":1:9: listen: expected an address, found the tag !env; leave it out"),
                arguments("listen: [443, \":443\"]\n" + ROUTE, ":1:15: listen[1]: \":443\" twice; leave one out"),
                arguments(
                        "listen: systemd:a/b:c\n" + ROUTE,
                        ":1:9: listen: \"a/b:c\" is no name of a socket; write letters and digits, as"
                                + " FileDescriptorName= in the socket unit does"));
    }

    static Stream<Arguments> routes() {
        return Stream.of(
                arguments("listen: 443\nroutes: {}\n", ":2:9: routes: expected a list of routes, found a mapping"),
                arguments("listen: 443\nroutes: []\n", ":2:9: routes: expected a list of routes, found an empty list"),
                arguments(
                        "listen: 443\nroutes: [x]\n",
                        ":2:10: routes[0]: expected a route such as {to: 127.0.0.1:8443}, found a word"),
                arguments(
                        "listen: 443\nroutes:\n  - name: a\n",
                        ":3:5: routes[0]: no \"to\"; write a backend such as to: 127.0.0.1:8443, or to: reject"),
                arguments(
                        to("reject\n    name: a b"),
                        ":4:11: routes[0].name: \"a b\" is no route name; write letters, digits, \".\", \"_\" and"
                                + " \"-\""),
                arguments(
                        to("reject\n    name: a\n  - {to: reject, name: a}"),
                        ":5:24: routes[1].name: duplicate route name \"a\"; the first is in line 4"),
                arguments(to("8443"), ":3:9: routes[0].to: no host in \"8443\"; write 127.0.0.1:8443"),
                arguments(
                        to("reject\n    proxy-protocol: v2"),
                        ":4:21: routes[0].proxy-protocol: a connection that is rejected has no backend to be told of"
                                + " it; leave it out"),
                arguments(
                        to("127.0.0.1:1\n    proxy-protocol: v3"),
                        ":4:21: routes[0].proxy-protocol: \"v3\" is no version of the PROXY protocol; write v1, v2 or"
                                + " v2-crc32c"),
                arguments(
                        to("{}"),
                        ":3:9: routes[0].to: expected a backend or reject, found a mapping; quote it if it is a word"));
    }

    private static String source(String source) {
        return to("127.0.0.1:1\n    source: " + source);
    }

    private static String mapped(String mapped) {
        return "listen: 443\n" + ROUTE + "mapped: {" + mapped + "}\n";
    }

    static Stream<Arguments> sources() {
        return Stream.of(
                arguments(
                        to("reject\n    source: mapped"),
                        ":4:13: routes[0].source: a connection that is rejected has no backend to be told of it; leave"
                                + " it out"),
                arguments(
                        to("unix:/x\n    source: mapped"),
                        ":4:13: routes[0].source: connections to a Unix socket come from no address; leave it out"),
                arguments(
                        source("transparant"),
                        ":4:13: routes[0].source: \"transparant\" is no source; write transparent, mapped, an address"
                                + " of this machine or a range of them"),
                arguments(
                        source("10.0.0"),
                        ":4:13: routes[0].source: \"10.0.0\" is no IP address; write one such as 10.0.0.7, or a range"
                                + " such as 10.0.0.7-10.0.0.9 or 10.0.0.8/30"),
                arguments(
                        source("10.0.0.9-10.0.0.7"),
                        ":4:13: routes[0].source: 10.0.0.9 is behind 10.0.0.7; write the lower one first"),
                arguments(
                        source("10.0.0.9-::1"),
                        ":4:13: routes[0].source: 10.0.0.9 and ::1 are of two families; write a range of IPv4 or of"
                                + " IPv6 addresses"),
                arguments(
                        source("10.0.0.0/8"),
                        ":4:13: routes[0].source: 10.0.0.0 to 10.255.255.255 are too many addresses; write at most"
                                + " 65536"),
                arguments(
                        source("10.0.0.7/30"),
                        ":4:13: routes[0].source: host bits in \"10.0.0.7/30\"; write 10.0.0.4/30"),
                arguments(
                        to("127.0.0.1:1\n    journal: journal"),
                        ":4:14: routes[0].journal: \"journal\" does not say where it lies; write"
                                + " /run/portshare/journal, or ./journal for one beside this file"),
                arguments(
                        to("unix:/x\n    journal: /j"),
                        ":4:14: routes[0].journal: connections to a Unix socket have no address to be told by; leave it"
                                + " out"),
                arguments(
                        to("127.0.0.1:1\n    journal-format: plain"),
                        ":4:21: routes[0].journal-format: there is no journal; write its directory, as in journal:"
                                + " /run/portshare/journal"),
                arguments(
                        to("127.0.0.1:1\n    journal: /j\n    journal-format: json"),
                        ":5:21: routes[0].journal-format: \"json\" is no journal format; write openvpn or plain"),
                arguments(
                        mapped("pool: 127.64.0.9"),
                        ":3:16: mapped.pool: \"127.64.0.9\" is no pool of addresses; write an IPv4 CIDR of this"
                                + " machine's own addresses such as 127.64.0.0/10, at least a /30"),
                arguments(
                        mapped("map: {example.org: 127.64.0.9}"),
                        ":3:16: mapped.map: \"example.org\" is no IP address; write one such as 203.0.113.9 or"
                                + " \"2001:db8::7\""),
                arguments(
                        mapped("map: {10.0.0.1: '::1'}"),
                        ":3:26: mapped.map: \"::1\" is no IPv4 address; write one of this machine's own, such as"
                                + " 127.64.0.9"),
                arguments(
                        mapped("map: {10.0.0.1: 127.64.0.9, '::ffff:10.0.0.1': 127.64.0.8}"),
                        ":3:38: mapped.map: this client has an address already; leave one out"),
                arguments(
                        mapped("map: {10.0.0.1: 127.64.0.9, 10.0.0.2: 127.64.0.9}"),
                        ":3:48: mapped.map: this address stands for another client already, in line 3"));
    }

    static Stream<Arguments> conditions() {
        return Stream.of(
                arguments(
                        to("reject\n    when: tls"),
                        ":4:11: routes[0].when: expected a mapping of conditions, such as {protocol: tls}, found a"
                                + " word"),
                arguments(
                        when("protocol: opnvpn"),
                        ":3:22: routes[0].when.protocol: no protocol \"opnvpn\"; did you mean \"openvpn\"?"),
                arguments(
                        when("protocol: [tls, TLS]"),
                        ":3:28: routes[0].when.protocol[1]: no protocol \"TLS\"; did you mean \"tls\"?"),
                arguments(
                        when("protocol: gopher"),
                        ":3:22: routes[0].when.protocol: no protocol \"gopher\"; write one of "
                                + String.join(", ", ConditionReader.PROTOCOLS)),
                arguments(
                        when("protocol: unrecognised"),
                        ":3:22: routes[0].when.protocol: no route can name \"unrecognised\"; leave \"protocol\" out,"
                                + " and put the route behind those that have one"),
                arguments(
                        when("sni: a.org, protocol: openvpn"),
                        ":3:34: routes[0].when.protocol: only tls has sni, alpn and ech; write a route of its own for"
                                + " openvpn"),
                arguments(
                        when("not: {alpn: h2, protocol: [tls, silent]}"),
                        ":3:38: routes[0].when.not.protocol: only tls has sni, alpn and ech; write a route of its own"
                                + " for tls, silent"),
                arguments(
                        when("sni: \"*a.org\""),
                        ":3:17: routes[0].when.sni: \"*\" stands for whole labels in front, as in *.example.org; write"
                                + " /.*a\\.org/"),
                arguments(
                        when("alpn: é"),
                        ":3:18: routes[0].when.alpn: \"é\" is no ALPN name; write one of IANA's, such as h2 or"
                                + " http/1.1"),
                arguments(
                        when("ech: yes"),
                        ":3:17: routes[0].when.ech: \"yes\" is neither true nor false; write one of them"),
                arguments(
                        when("host: a.org, protocol: tls"),
                        ":3:35: routes[0].when.protocol: only http has a host; write a route of its own for tls"),
                arguments(
                        when("sni: a.org, host: b.org"),
                        ":3:11: routes[0].when: only http has a host; write a route of its own for tls"),
                arguments(
                        when("host: \"a b\""),
                        ":3:18: routes[0].when.host: \"a b\" is no server name; write one such as example.org or"
                                + " *.example.org"),
                arguments(when("hosts: a.org"), ":3:12: routes[0].when.hosts: unknown key; did you mean \"host\"?"),
                arguments(
                        when("rdp-cookie: mstshash=anna"),
                        ":3:24: routes[0].when.rdp-cookie: \"mstshash=anna\" is more than the name; write what stands"
                                + " behind \"mstshash=\""),
                arguments(
                        when("from: 10.0.0.1/8"),
                        ":3:18: routes[0].when.from: host bits in \"10.0.0.1/8\"; write 10.0.0.0/8"),
                arguments(
                        when("from: [2001:db8::, 10.0.0.0/8]"),
                        ":3:19: routes[0].when.from[0]: expected a CIDR or a file, found a mapping; quote it if it is"
                                + " a word"),
                arguments(
                        when("from: ./missing.txt"),
                        ":3:18: routes[0].when.from: cannot read src/test/resources/routes/missing.txt: no such file"),
                arguments(
                        when("listener: 80"),
                        ":3:22: routes[0].when.listener: \"80\" is not in \"listen\"; write one of :443"),
                arguments(
                        when("not: &x {not: *x}"),
                        ":3:17: routes[0].when.not: an alias of something that contains it; write it out"));
    }

    static Stream<Arguments> durations() {
        return Stream.of(
                arguments(
                        timeouts("idle: 5"),
                        ":3:18: timeouts.idle: no unit in \"5\"; write 5s for seconds or 5ms for milliseconds"),
                arguments(timeouts("head: 0s"), ":3:18: timeouts.head: must be longer than 0s; write one such as 5s"),
                arguments(timeouts("heat: 1s"), ":3:12: timeouts.heat: unknown key; did you mean \"head\"?"),
                arguments(
                        "listen: 443\n" + ROUTE + "timeouts: 5s\n",
                        ":3:11: timeouts: expected a mapping such as {idle: 1h}, found a word"));
    }

    static Stream<Arguments> logs() {
        return Stream.of(
                arguments(
                        "listen: 443\n" + ROUTE + "log: json\n",
                        ":3:6: log: expected a mapping such as {format: json}, found a word"),
                arguments(log("format: jsn"), ":3:15: log.format: no \"jsn\" here; did you mean \"json\"?"),
                arguments(
                        log("connections: some"),
                        ":3:20: log.connections: no \"some\" here; write one of all, refused, none"),
                arguments(
                        log("file: portshare.log"),
                        ":3:13: log.file: \"portshare.log\" does not say in which folder; write"
                                + " /var/log/portshare/portshare.log, or ./portshare.log for one beside this file"),
                arguments(
                        log("rotate: {size: 1GiB}"),
                        ":3:15: log.rotate: only a file is rotated; write file: as well, such as"
                                + " /var/log/portshare/portshare.log"),
                arguments(
                        log("file: /a, rotate: {size: 100MB}"),
                        ":3:32: log.rotate.size: \"100MB\" is no size; write a whole number and KiB, MiB or GiB, such"
                                + " as 100MiB"),
                arguments(
                        log("file: /a, rotate: {size: 63KiB}"),
                        ":3:32: log.rotate.size: \"63KiB\" is too small; write at least 64KiB"),
                arguments(
                        log("file: /a, rotate: {keep: 0}"),
                        ":3:32: log.rotate.keep: cannot keep \"0\"; write a number from 1 to 999"),
                arguments(
                        log("sample: 1%"),
                        ":3:15: log.sample: \"1%\" is no share; write one in so many, such as 1/100"),
                arguments(
                        log("anonymize: 33/48"),
                        ":3:18: log.anonymize: \"33/48\" does not say how many bits to keep; write those of IPv4, at"
                                + " most 32, and those of IPv6, at most 128, such as 24/48"));
    }

    static Stream<Arguments> admin() {
        return Stream.of(
                arguments(
                        admin("{}"),
                        ":3:8: admin: neither \"socket\" nor \"http\"; write socket: /run/portshare/admin.sock"),
                arguments(
                        admin("{socket: admin.sock}"),
                        ":3:17: admin.socket: \"admin.sock\" is no absolute path; write one such as"
                                + " /run/portshare/admin.sock"),
                arguments(
                        admin("{socket: /s, mode: rw-rw----}"),
                        ":3:27: admin.mode: \"rw-rw----\" is no file mode; write one such as \"0660\""),
                arguments(
                        admin("{http: 127.0.0.1:1, mode: 0600}"),
                        ":3:34: admin.mode: without \"socket\" it means nothing; leave it out"),
                arguments(
                        admin("{socket: /s, allow-remote: true}"),
                        ":3:35: admin.allow-remote: without \"http\" it means nothing; leave it out"),
                arguments(
                        admin("{http: localhost:1, allow-remote: yes}"),
                        ":3:42: admin.allow-remote: \"yes\" is neither; write true or false"),
                arguments(
                        admin("{http: 0.0.0.0:9443}"),
                        ":3:15: admin.http: \"0.0.0.0:9443\" can be reached from other machines, and whoever does sees"
                                + " every client; write 127.0.0.1:9443, or allow-remote: true beside it"),
                arguments(
                        admin("{http: \"[2001:db8::1]:9443\", allow-remote: false}"),
                        ":3:15: admin.http: \"[2001:db8::1]:9443\" can be reached from other machines, and whoever does"
                                + " sees every client; write 127.0.0.1:9443, or allow-remote: true beside it"),
                arguments(admin("{http: 9443}"), ":3:15: admin.http: no host in \"9443\"; write 127.0.0.1:9443"));
    }

    private static String admin(String admin) {
        return "listen: 443\n" + ROUTE + "admin: " + admin + "\n";
    }

    @ParameterizedTest
    @MethodSource({"keys", "listeners", "addresses", "routes", "sources", "conditions", "durations", "logs", "admin"})
    void saysWhereItStandsAndWhatToWrite(String yaml, String problem) {
        assertThat(problems(yaml)).containsExactly("r.yaml" + problem);
    }

    @Test
    void reportsEverythingInTheOrderOfTheLines() {
        String yaml = """
            routes:
              - when: {protocol: opnvpn, sni: "a b", listener: 80}
                too: 127.0.0.1:1194
              - name: web
                name: web
                to: 8443
                tls: {}
            timeouts: {head: 0s, idle: soon}
            listen: [443, 443]
            """;
        assertThat(problems(yaml))
                .containsExactly(
                        "r.yaml:2:5: routes[0]: no \"to\"; write a backend such as to: 127.0.0.1:8443, or to: reject",
                        "r.yaml:2:22: routes[0].when.protocol: no protocol \"opnvpn\"; did you mean \"openvpn\"?",
                        "r.yaml:2:35: routes[0].when.sni: \"a b\" is no server name; write one such as example.org or"
                                + " *.example.org",
                        "r.yaml:3:5: routes[0].too: unknown key; did you mean \"to\"?",
                        "r.yaml:5:5: routes[1].name: duplicate key; the first is in line 4",
                        "r.yaml:6:9: routes[1].to: no host in \"8443\"; write 127.0.0.1:8443",
                        "r.yaml:7:10: routes[1].tls: says nothing; write certificate and key, to-backend: true, or"
                                + " both",
                        "r.yaml:8:18: timeouts.head: must be longer than 0s; write one such as 5s",
                        "r.yaml:8:28: timeouts.idle: \"soon\" is no duration; write a whole number and ms, s, m or h,"
                                + " such as 5s",
                        "r.yaml:9:15: listen[1]: \":443\" twice; leave one out");
    }

    @Test
    void aFileOfAddressesHasProblemsOfItsOwnAndEachOnce() {
        String file = "src/test/resources/routes/broken.txt";
        assertThat(problems(when("from: ./broken.txt, not: {from: ./broken.txt}")))
                .containsExactly(
                        file + ":2:3: host bits in \"198.51.100.7/24\"; write 198.51.100.0/24",
                        file + ":3:1: \"anywhere\" is no CIDR; write one such as 192.0.2.0/24 or 2001:db8::/32");
    }

    @Test
    void aFileThatCannotBeReadIsAProblem(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("r.yaml");
        assertThat(problems(file)).containsExactly(file + ": cannot read: no such file");
        assertThat(problems(directory)).containsExactly(directory + ": cannot read: Is a directory");
        Files.write(file, new byte[] {(byte) 0xff});
        assertThat(problems(file)).containsExactly(file + ": cannot read: not UTF-8; save it in that encoding");
        Files.write(file, new byte[TextFile.MAX_SIZE + 1]);
        assertThat(problems(file)).containsExactly(file + ": cannot read: more than 16 MiB");
    }

    @Test
    void noMessageHasControlCharacters() {
        assertThat(problems(to("\"\\e[2J\"")).getFirst())
                .doesNotContain("\u001b")
                .contains("?[2J");
    }

    @Test
    void theMessageOfTheExceptionHasALineForEach() {
        var e = assertThrows(ConfigurationException.class, () -> RouteFile.parse("r.yaml", "{}", Path.of("")));
        assertThat(e).hasMessageContaining("no \"listen\"").hasMessageContaining("\nr.yaml:1:1: no \"routes\"");
    }

    static List<String> problems(String yaml) {
        return strings(assertThrows(
                ConfigurationException.class, () -> RouteFile.parse("r.yaml", yaml, RouteFileTest.ROUTES)));
    }

    private static List<String> problems(Path file) {
        return strings(assertThrows(ConfigurationException.class, () -> RouteFile.read(file)));
    }

    private static List<String> strings(ConfigurationException e) {
        return e.problems().stream().map(Problem::toString).toList();
    }
}
