package dev.portshare.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.session.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final int MANY = 10_000;

    @Test
    void decidesWhatAskingOneRouteAfterTheOtherDecides() {
        Random random = new Random(1194);
        for (int round = 0; round < 2_000; round++) {
            List<Route> routes = new ArrayList<>();
            for (int i = random.nextInt(8); i > 0; i--) {
                routes.add(new Route("r" + i, condition(random, 2), new Target.Reject()));
            }
            RouteTable table = new RouteTable(routes);
            for (int i = 0; i < 20; i++) {
                Facts facts = facts(random);
                Route first = routes.stream()
                        .filter(route -> route.when().holds(facts))
                        .findFirst()
                        .orElse(null);
                assertThat(table.decide(facts)).as("%s of %s", facts, routes).isSameAs(first);
                List<Explanation> explanations = table.explain(facts);
                assertThat(explanations)
                        .hasSize(first == null ? routes.size() : routes.indexOf(first) + 1)
                        .allMatch(e -> (e.whyNot() == null) == Objects.equals(e.route(), first));
            }
        }
    }

    @Test
    void tenThousandRoutesWithANameEachCostWhatOneDoes() {
        RouteTable table = new RouteTable(IntStream.range(0, MANY)
                .mapToObj(i -> route("r" + i, named("host" + i + ".example.org")))
                .toList());
        Facts facts = tls("host9999.example.org");
        assertThat(table.candidates(facts).stream().mapToInt(List::size).sum()).isEqualTo(1);
        assertThat(Objects.requireNonNull(table.decide(facts)).name()).isEqualTo("r9999");
        assertThat(table.decide(tls("host10000.example.org"))).isNull();
    }

    @Test
    void aRouteWithTenThousandNamesLooksUpOneALabel() {
        ServerNamePattern[] patterns = IntStream.range(0, MANY)
                .mapToObj(i -> ServerNamePattern.parse("host" + i + ".example.org"))
                .toArray(ServerNamePattern[]::new);
        RouteTable table = new RouteTable(List.of(route("all", named(List.of(patterns)))));
        assertThat(table.decide(tls("host9999.example.org"))).isNotNull();
        assertThat(table.decide(tls("host10000.example.org"))).isNull();
        assertThat(ServerNamePattern.matching("host9999.example.org")).hasSize(3);
    }

    @Test
    void theWrittenOrderDecidesBetweenANameAWildcardARegexAndTheRest() {
        Route wildcard = route("wildcard", named("*.example.org"));
        Route exact = route("exact", named("www.example.org"));
        Route regex = route("regex", named("/www.*/"));
        Route rest = route("rest", Condition.ANY);
        for (List<Route> order : List.of(
                List.of(wildcard, exact, regex, rest),
                List.of(exact, wildcard, regex, rest),
                List.of(regex, exact, wildcard, rest),
                List.of(rest, regex, exact, wildcard))) {
            assertThat(new RouteTable(order).decide(tls("www.example.org"))).isSameAs(order.getFirst());
        }
    }

    @Test
    void anUnrecognisedOrSilentConnectionMeetsOnlyWhatNamesNoProtocol() {
        Condition notTls = condition(List.of(), List.of(), List.of(), null, condition("tls"));
        for (String protocol : List.of("unrecognised", "silent")) {
            Facts facts = new Facts(protocol, null, List.of(), null, ":443");
            assertThat(condition("tls").holds(facts)).isFalse();
            assertThat(named("*.org").holds(facts)).isFalse();
            assertThat(condition(List.of(), List.of(), List.of("h2"), null, null)
                            .holds(facts))
                    .isFalse();
            assertThat(notTls.holds(facts)).isTrue();
            assertThat(Condition.ANY.holds(facts)).isTrue();
        }
        assertThat(condition("silent").holds(new Facts("silent", null, List.of(), null, ":443")))
                .isTrue();
    }

    @Test
    void namesAProtocolThatARouteAsksFor() {
        Condition notSilent = condition(List.of(), List.of(), List.of(), null, condition("silent"));
        Condition notNotSilent = condition(List.of(), List.of(), List.of(), null, notSilent);
        assertThat(new RouteTable(List.of(route("a", condition("openvpn")))).names("openvpn"))
                .isTrue();
        assertThat(new RouteTable(List.of(route("a", named("a.org")))).names("tls"))
                .isTrue();
        assertThat(new RouteTable(List.of(route("a", notSilent))).names("silent"))
                .isFalse();
        assertThat(new RouteTable(List.of(route("a", notNotSilent))).names("silent"))
                .isTrue();
    }

    @Test
    void explainsEachRouteUpToTheOneThatTakesIt() {
        Condition lan = condition(List.of(), List.of(), List.of(), "10.0.0.0/8", null);
        RouteTable table = new RouteTable(List.of(
                route("vpn", condition("openvpn")),
                route("git", named("git.example.org")),
                route("h2", condition(List.of(), List.of(), List.of("h2"), null, null)),
                route("lan", lan),
                route("nobody", condition(List.of(), List.of(), List.of(), "", null)),
                route("other", new Condition(List.of(), ServerNameSet.EMPTY, List.of(), null, List.of(":80"), null)),
                route("others", condition(List.of(), List.of(), List.of(), null, named("*.example.org"))),
                route("rest", Condition.ANY),
                route("never", Condition.ANY)));
        Endpoint client = CidrTest.client("192.0.2.7");
        Facts facts = new Facts("tls", "www\n.example.org", List.of("http/1.1", "\u00ff"), client, ":443");
        assertThat(table.explain(facts))
                .extracting(Explanation::whyNot)
                .containsExactly(
                        "protocol is tls, not openvpn",
                        "sni www\\x0a.example.org matches none of git.example.org",
                        "alpn http/1.1, \\xff has none of h2",
                        "client 192.0.2.7 is not in 10.0.0.0/8",
                        "client 192.0.2.7 is not in an empty list",
                        "listener is :443, not :80",
                        "it meets not: {protocol: tls, sni: *.example.org}",
                        null);
        assertThat(table.explain(new Facts("tls", null, List.of(), null, ":443")))
                .extracting(Explanation::whyNot)
                .startsWith(
                        "protocol is tls, not openvpn",
                        "no SNI",
                        "no ALPN",
                        "a client without an address is not in 10.0.0.0/8");
    }

    private static Route route(String name, Condition when) {
        return new Route(name, when, new Target.Reject());
    }

    private static Facts tls(String serverName) {
        return new Facts("tls", serverName, List.of(), null, ":443");
    }

    private static Condition condition(String protocol) {
        return condition(List.of(protocol), List.of(), List.of(), null, null);
    }

    private static Condition named(String pattern) {
        return named(List.of(ServerNamePattern.parse(pattern)));
    }

    private static Condition named(List<ServerNamePattern> patterns) {
        return condition(List.of(), patterns, List.of(), null, null);
    }

    /** A condition from the blocks in {@code from}, separated by blanks; null: from anywhere. */
    private static Condition condition(
            List<String> protocols,
            List<ServerNamePattern> patterns,
            List<String> alpn,
            @Nullable String from,
            @Nullable Condition not) {
        CidrSet blocks = from == null
                ? null
                : CidrSet.of(Stream.of(from.split(" "))
                        .filter(block -> !block.isEmpty())
                        .map(Cidr::parse)
                        .toList());
        return new Condition(protocols, ServerNameSet.of(patterns), alpn, blocks, List.of(), not);
    }

    private static Condition condition(Random random, int depth) {
        List<ServerNamePattern> patterns = some(random, () -> pattern(random));
        List<String> alpn = some(random, () -> pick(random, "h2", "http/1.1"));
        List<String> protocols = patterns.isEmpty() && alpn.isEmpty()
                ? some(random, () -> pick(random, "tls", "openvpn", "silent"))
                : List.of();
        String from = random.nextInt(4) > 0 ? null : pick(random, "10.0.0.0/8", "2001:db8::/32", "::/0", "");
        Condition not = depth == 0 || random.nextInt(3) > 0 ? null : condition(random, depth - 1);
        return condition(protocols, patterns, alpn, from, not);
    }

    private static Facts facts(Random random) {
        if (random.nextInt(4) == 0) {
            return new Facts(
                    pick(random, "openvpn", "silent", "unrecognised"), null, List.of(), client(random), ":443");
        }
        String name = random.nextInt(5) == 0 ? null : name(random);
        return new Facts("tls", name, some(random, () -> pick(random, "h2", "http/1.1")), client(random), ":443");
    }

    private static @Nullable Endpoint client(Random random) {
        String address = pick(random, "10.1.2.3", "192.0.2.7", "2001:db8::7", "::1", "");
        return address.isEmpty() ? null : CidrTest.client(address);
    }

    private static ServerNamePattern pattern(Random random) {
        String name = name(random);
        return ServerNamePattern.parse(
                switch (random.nextInt(4)) {
                    case 0 -> "*." + name;
                    case 1 -> "/" + name.replace('b', '.') + "/";
                    default -> name;
                });
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder(pick(random, "a", "b", "A"));
        for (int i = random.nextInt(3); i > 0; i--) {
            name.append('.').append(pick(random, "a", "b"));
        }
        return name.toString();
    }

    private static <T> List<T> some(Random random, Supplier<T> each) {
        return random.nextInt(3) > 0
                ? List.of()
                : Stream.generate(each).limit(1 + random.nextInt(3)).toList();
    }

    private static String pick(Random random, String... words) {
        return words[random.nextInt(words.length)];
    }
}
