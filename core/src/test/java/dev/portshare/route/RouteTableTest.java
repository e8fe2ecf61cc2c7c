package dev.portshare.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portshare.detect.Detection;
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

    /**
     * Names beyond ASCII come to {@code explain} alone. RE2 takes the long s and the Kelvin sign for other cases of s and k; the
     * literals of a regex do not: whichever of them is asked, it must be asked by both.
     */
    @Test
    void aNameBeyondAsciiIsExplainedAsItWouldBeDecided() {
        Random random = new Random(0x17F);
        String[] regexes = {
            "/s/", "/s.*/", "/.*s/", "/[sk]+/", "/(?i)s.*k/", "/.*\\.sk/", "/k+s?.*\\.k/", "/.*sk.*/", "/(?i)[^s]*/"
        };
        int taken = 0;
        for (int round = 0; round < 5_000; round++) {
            List<Route> routes = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                routes.add(route(
                        "r" + i, random.nextBoolean() ? named(pick(random, regexes)) : host(pick(random, regexes))));
            }
            RouteTable table = new RouteTable(routes);
            StringBuilder name = new StringBuilder();
            for (int i = random.nextInt(5); i >= 0; i--) {
                name.append(pick(random, "s", "k", ".", "\u017f", "\u212a", "S", "\u00e9"));
            }
            Facts facts = random.nextBoolean() ? tls(name.toString()) : http(name.toString());
            for (int asked = 0; asked < 2; asked++) { // the second time it is remembered
                Route decided = table.decide(facts);
                Explanation last = table.explain(facts).getLast();
                assertThat(last.whyNot() == null ? last.route() : null)
                        .as("%s of %s", facts, routes)
                        .isSameAs(decided);
                taken += decided == null ? 0 : 1;
            }
        }
        assertThat(taken).isGreaterThan(500);
    }

    @Test
    void tenThousandRoutesWithANameEachCostWhatOneDoes() {
        List<Route> routes = IntStream.range(0, MANY)
                .mapToObj(i -> route("r" + i, named("host" + i + ".example.org")))
                .toList();
        RouteTable table = new RouteTable(routes);
        Facts facts = tls("host9999.example.org");
        assertThat(new NameIndex(routes).byName(facts.serverName(), null)).containsExactly(List.of(9999), List.of());
        assertThat(Objects.requireNonNull(table.decide(facts)).name()).isEqualTo("r9999");
        assertThat(table.decide(tls("host10000.example.org"))).isNull();
    }

    @Test
    void tenThousandRoutesWithAHostEachCostWhatOneDoes() {
        List<Route> routes = IntStream.range(0, MANY)
                .mapToObj(i -> route("r" + i, host("host" + i + ".example.org")))
                .toList();
        RouteTable table = new RouteTable(routes);
        Facts facts = http("host9999.example.org");
        assertThat(new NameIndex(routes).byName(null, facts.host())).containsExactly(List.of(9999), List.of());
        assertThat(Objects.requireNonNull(table.decide(facts)).name()).isEqualTo("r9999");
        assertThat(table.decide(tls("host9999.example.org"))).isNull();
    }

    @Test
    void aHostIsMatchedLikeAServerNameAndIsNone() {
        RouteTable table = new RouteTable(List.of(
                route("sni", named("*.example.org")),
                route("host", host("*.example.org")),
                route("regex", host("/w+\\.test/"))));
        assertThat(Objects.requireNonNull(table.decide(http("WWW.example.org.")))
                        .name())
                .isEqualTo("host");
        assertThat(Objects.requireNonNull(table.decide(http("www.test"))).name())
                .isEqualTo("regex");
        assertThat(table.decide(http("example.org"))).isNull();
        assertThat(table.decide(http(null))).isNull();
    }

    @Test
    void aCookieIsComparedByteForByte() {
        Condition when = Condition.ANY.withCookies(List.of("Anna", "bob"));
        assertThat(when.holds(new Facts(Detection.Match.rdp("Anna"), null, ":443")))
                .isTrue();
        assertThat(when.holds(new Facts(Detection.Match.rdp("anna"), null, ":443")))
                .isFalse();
        assertThat(when.holds(new Facts(Detection.Match.rdp(null), null, ":443")))
                .isFalse();
    }

    @Test
    void anEncryptedHelloIsAskedForOrExcludedOfTlsAlone() {
        Condition with = Condition.ANY.withEncryptedHello(true);
        Condition without = Condition.ANY.withEncryptedHello(false);
        Facts encrypted = new Facts(Detection.Match.tls(null, List.of(), true), null, ":443");
        assertThat(with.holds(encrypted)).isTrue();
        assertThat(without.holds(encrypted)).isFalse();
        assertThat(with.holds(tls("a.org"))).isFalse();
        assertThat(without.holds(tls("a.org"))).isTrue();
        assertThat(without.holds(new Facts(Detection.Match.of("openvpn"), null, ":443")))
                .isFalse();
    }

    @Test
    void keysOfTwoProtocolsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> host("a.org").withServerNames(ServerNameSet.of(List.of(ServerNamePattern.parse("a")))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> host("a.org").withCookies(List.of("a")))
                .withMessage("only rdp has an rdp-cookie; write a route of its own for http");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> condition("http").withEncryptedHello(true))
                .withMessage("only tls has sni, alpn and ech; write a route of its own for http");
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
            Facts facts = new Facts(Detection.Match.of(protocol), null, ":443");
            assertThat(condition("tls").holds(facts)).isFalse();
            assertThat(named("*.org").holds(facts)).isFalse();
            assertThat(condition(List.of(), List.of(), List.of("h2"), null, null)
                            .holds(facts))
                    .isFalse();
            assertThat(notTls.holds(facts)).isTrue();
            assertThat(Condition.ANY.holds(facts)).isTrue();
        }
        assertThat(condition("silent").holds(new Facts(Detection.Match.of("silent"), null, ":443")))
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
                route("other", Condition.ANY.withListeners(List.of(":80"))),
                route("others", condition(List.of(), List.of(), List.of(), null, named("*.example.org"))),
                route(
                        "plain",
                        condition(List.of(), List.of(), List.of(), null, Condition.ANY.withEncryptedHello(false))),
                route("ech", Condition.ANY.withEncryptedHello(true)),
                route("rest", Condition.ANY),
                route("never", Condition.ANY)));
        Endpoint client = CidrTest.client("192.0.2.7");
        Facts facts = new Facts(
                Detection.Match.tls("www\n.example.org", List.of("http/1.1", "\u00ff"), false), client, ":443");
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
                        "it meets not: {protocol: tls, ech: false}",
                        "ech is false",
                        null);
        assertThat(table.explain(new Facts(Detection.Match.tls(null, List.of(), false), null, ":443")))
                .extracting(Explanation::whyNot)
                .startsWith(
                        "protocol is tls, not openvpn",
                        "no SNI",
                        "no ALPN",
                        "a client without an address is not in 10.0.0.0/8");
    }

    @Test
    void explainsHostsAndCookiesAsTheyCameEscaped() {
        RouteTable table =
                new RouteTable(List.of(route("a", host("a.org")), route("b", Condition.ANY.withCookies(List.of("a")))));
        assertThat(table.explain(http("x\u001b.org")))
                .extracting(Explanation::whyNot)
                .containsExactly("host x\\x1b.org matches none of a.org", "protocol is http, not rdp");
        assertThat(table.explain(http(null))).extracting(Explanation::whyNot).startsWith("no host");
        assertThat(table.explain(new Facts(Detection.Match.rdp("x y"), null, ":443")))
                .extracting(Explanation::whyNot)
                .containsExactly("protocol is rdp, not http", "rdp-cookie x\\x20y is none of a");
        assertThat(table.explain(new Facts(Detection.Match.rdp(null), null, ":443")))
                .extracting(Explanation::whyNot)
                .endsWith("no rdp-cookie");
    }

    private static Route route(String name, Condition when) {
        return new Route(name, when, new Target.Reject());
    }

    private static Facts tls(String serverName) {
        return new Facts(Detection.Match.tls(serverName, List.of(), false), null, ":443");
    }

    private static Facts http(@Nullable String host) {
        return new Facts(Detection.Match.http(host), null, ":443");
    }

    private static Condition host(String pattern) {
        return Condition.ANY.withHosts(ServerNameSet.of(List.of(ServerNamePattern.parse(pattern))));
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
        return Condition.ANY
                .withProtocols(protocols)
                .withServerNames(ServerNameSet.of(patterns))
                .withApplicationProtocols(alpn)
                .withFrom(blocks)
                .withNot(not);
    }

    private static Condition condition(Random random, int depth) {
        List<ServerNamePattern> patterns = some(random, () -> pattern(random));
        List<String> alpn = some(random, () -> pick(random, "h2", "http/1.1"));
        List<String> protocols = patterns.isEmpty() && alpn.isEmpty()
                ? some(random, () -> pick(random, "tls", "openvpn", "silent"))
                : List.of();
        if (patterns.isEmpty() && alpn.isEmpty() && protocols.isEmpty()) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    return Condition.ANY.withHosts(ServerNameSet.of(some(random, () -> pattern(random))));
                }
                case 1 -> {
                    return Condition.ANY.withCookies(some(random, () -> pick(random, "a", "b", "A")));
                }
                case 2 -> {
                    return Condition.ANY.withEncryptedHello(random.nextBoolean());
                }
                default -> {}
            }
        }
        String from = random.nextInt(4) > 0 ? null : pick(random, "10.0.0.0/8", "2001:db8::/32", "::/0", "");
        Condition not = depth == 0 || random.nextInt(3) > 0 ? null : condition(random, depth - 1);
        return condition(protocols, patterns, alpn, from, not);
    }

    private static Facts facts(Random random) {
        if (random.nextInt(4) == 0) {
            return new Facts(
                    Detection.Match.of(pick(random, "openvpn", "silent", "unrecognised")), client(random), ":443");
        }
        String name = random.nextInt(5) == 0 ? null : name(random);
        switch (random.nextInt(5)) {
            case 0 -> {
                return new Facts(Detection.Match.http(name), client(random), ":443");
            }
            case 1 -> {
                return new Facts(Detection.Match.rdp(name), client(random), ":443");
            }
            default -> {}
        }
        return new Facts(
                Detection.Match.tls(name, some(random, () -> pick(random, "h2", "http/1.1")), random.nextBoolean()),
                client(random),
                ":443");
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
