package dev.portshare.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.session.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A route is called shadowed only if no connection takes it. */
class ShadowsTest {
    private static final List<String> LISTENERS = List.of(":443", "unix:/a");
    private static final String[] NAMES = {"a.org", "b.a.org", "c.b.a.org", "*.a.org", "*.b.a.org", "*.org"};
    private static final String[] REGEXES = {"/.*/", "/[ab]\\.a\\.org/", "/.*\\.org/", "/b.*/"};
    private static final String[] BLOCKS = {
        "10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/17", "10.1.128.0/17", "0.0.0.0/0", "::/0", "2001:db8::/32", "2001:db8::7"
    };

    /** One of every kind that the words above can tell apart. */
    private static final List<Facts> EVERYTHING = everything();

    /** Without {@code not} and regexes, it finds just those that nothing takes. */
    @Test
    void findsEveryShadowOfPlainConditionsAndNoOther() {
        Random random = new Random(443);
        int shadowed = 0;
        for (int round = 0; round < 400; round++) {
            List<Route> routes = routes(random, false);
            Set<Route> reached = reached(routes);
            Shadows shadows = new Shadows(routes, LISTENERS, Detectors.BUILTIN);
            for (int place = 0; place < routes.size(); place++) {
                SortedSet<Integer> takers = shadows.of(place);
                assertThat(takers.isEmpty())
                        .as("routes[%d] of %s by %s", place, routes, takers)
                        .isEqualTo(reached.contains(routes.get(place)));
                shadowed += takers.isEmpty() ? 0 : 1;
            }
        }
        assertThat(shadowed).isGreaterThan(100);
    }

    @Test
    void isNeverWrongAboutAnyCondition() {
        Random random = new Random(8443);
        int found = 0;
        int unreached = 0;
        for (int round = 0; round < 1_200; round++) {
            List<Route> routes = routes(random, true);
            Set<Route> reached = reached(routes);
            Shadows shadows = new Shadows(routes, LISTENERS, Detectors.BUILTIN);
            for (int place = 0; place < routes.size(); place++) {
                Route route = routes.get(place);
                boolean isFound =
                        shadows.contradictsItself(place) || !shadows.of(place).isEmpty();
                if (isFound) {
                    assertThat(reached).as("routes[%d] of %s", place, routes).doesNotContain(route);
                }
                found += isFound ? 1 : 0;
                unreached += reached.contains(route) ? 0 : 1;
            }
        }
        // Part of what is not reached is only so because the facts above are few.
        assertThat(found).isGreaterThan(unreached / 2);
    }

    /** The takers are those routes that take it: without them, a connection would come. */
    @Test
    void namesRoutesThatTakeAllTogether() {
        Random random = new Random(1194);
        for (int round = 0; round < 400; round++) {
            List<Route> routes = routes(random, true);
            Shadows shadows = new Shadows(routes, LISTENERS, Detectors.BUILTIN);
            int place = routes.size() - 1;
            SortedSet<Integer> takers = shadows.of(place);
            if (!takers.isEmpty()) {
                assertThat(takers.last()).isLessThan(place);
                List<Route> alone =
                        new ArrayList<>(takers.stream().map(routes::get).toList());
                alone.add(routes.get(place));
                assertThat(reached(alone)).as("%s of %s", takers, routes).doesNotContain(routes.get(place));
            }
        }
    }

    @Test
    void aNameOfManyCanBeShadowedAlone() {
        List<Route> routes = List.of(
                route(0, condition(List.of(), List.of("*.a.org"), List.of(), null, List.of(), null)),
                route(1, condition(List.of(), List.of("b.a.org", "a.org"), List.of(), null, List.of(), null)));
        Shadows shadows = new Shadows(routes, LISTENERS, Detectors.BUILTIN);
        assertThat(shadows.of(1)).isEmpty();
        assertThat(shadows.of(1, ServerNamePattern.parse("b.a.org"))).containsExactly(0);
        assertThat(shadows.of(1, ServerNamePattern.parse("a.org"))).isEmpty();
    }

    /** A list of addresses is a file's, which may be empty for now. */
    @Test
    void saysNothingOfEmptyLists() {
        Condition nobody = condition(List.of(), List.of(), List.of(), "", List.of(), null);
        Condition notNobody = condition(List.of("tls"), List.of(), List.of(), null, List.of(), nobody);
        Shadows shadows = new Shadows(
                List.of(
                        route(0, notNobody),
                        route(1, condition(List.of("tls"), List.of(), List.of(), null, List.of(), null)),
                        route(2, nobody)),
                LISTENERS,
                Detectors.BUILTIN);
        assertThat(shadows.contradictsItself(2)).isFalse();
        assertThat(IntStream.range(0, 3).mapToObj(shadows::of)).allMatch(Set::isEmpty);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, 0.0.0.0/1 128.0.0.0/1, true",
        "10.0.0.0/30, 10.0.0.0/31 10.0.0.2 10.0.0.3, true",
        "10.0.0.0/30, 10.0.0.0/31 10.0.0.3, false",
        "::/0, ::/1 8000::/1, true",
        "::/0, 0.0.0.0/0, false",
        "0.0.0.0/0, ::/0, false",
        "2001:db8::/126, 2001:db8::/127 2001:db8::2 2001:db8::3, true"
    })
    void blocksCanBePiecedTogether(String block, String pieces, boolean covered) {
        Condition narrow = condition(List.of(), List.of(), List.of(), block, List.of(), null);
        Condition wide = condition(List.of(), List.of(), List.of(), pieces, List.of(), null);
        assertThat(Implication.implies(narrow, wide)).isEqualTo(covered);
    }

    @Test
    void tenThousandNamesAndTenThousandRoutesAreNoTrouble() {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            List<String> name = List.of("host" + i + ".a.org");
            routes.add(route(i, condition(List.of(), name, List.of(), null, List.of(), null)));
        }
        List<String> names =
                IntStream.range(0, 10_000).mapToObj(i -> "host" + i + ".a.org").toList();
        routes.add(route(10_000, condition(List.of(), names, List.of(), null, List.of(), null)));
        Shadows shadows = new Shadows(routes, LISTENERS, Detectors.BUILTIN);
        assertThat(IntStream.range(0, 10_000).mapToObj(shadows::of)).allMatch(Set::isEmpty);
        assertThat(shadows.of(10_000)).hasSize(10_000);
    }

    private static Set<Route> reached(List<Route> routes) {
        RouteTable table = new RouteTable(routes);
        Set<Route> reached = new HashSet<>();
        for (Facts facts : EVERYTHING) {
            Route route = table.decide(facts);
            if (route != null) {
                reached.add(route);
            }
        }
        return reached;
    }

    private static List<Facts> everything() {
        List<Facts> facts = new ArrayList<>();
        List<@Nullable Endpoint> clients = new ArrayList<>(
                Stream.of("10.1.0.1", "10.1.128.1", "10.2.0.1", "192.0.2.1", "2001:db8::7", "2001:db8::8", "::1")
                        .map(CidrTest::client)
                        .toList());
        clients.add(null);
        List<@Nullable String> names = new ArrayList<>(
                List.of("", "a.org", "b.a.org", "c.b.a.org", "z.a.org", "z.b.a.org", "z.org", "bz.org", "net"));
        names.add(null);
        List<List<String>> offers =
                List.of(List.of(), List.of("h2"), List.of("http/1.1"), List.of("h2", "http/1.1"), List.of("x"));
        for (String listener : LISTENERS) {
            for (Endpoint client : clients) {
                for (String protocol : List.of("openvpn", "silent", "unrecognised")) {
                    facts.add(new Facts(Detection.Match.of(protocol), client, listener));
                }
                for (String cookie : Arrays.asList("a", "b", "z", null)) {
                    facts.add(new Facts(Detection.Match.rdp(cookie), client, listener));
                }
                for (String name : names) {
                    for (boolean encrypted : new boolean[] {false, true}) {
                        offers.forEach(offer ->
                                facts.add(new Facts(Detection.Match.tls(name, offer, encrypted), client, listener)));
                    }
                    facts.add(new Facts(Detection.Match.http(name), client, listener));
                }
            }
        }
        return facts.stream()
                .flatMap(each -> Stream.of(List.<String>of(), List.of("g"), List.of("h"), List.of("g", "h"))
                        .map(open -> new Facts(each.head(), each.client(), each.listener(), open)))
                .toList();
    }

    private static List<Route> routes(Random random, boolean all) {
        return IntStream.range(0, 2 + random.nextInt(6))
                .mapToObj(place -> route(place, gated(condition(random, all, all ? 2 : 0))))
                .toList();
    }

    /** Some have gates; which, each tells by itself, so that the conditions are what they were without. */
    private static Condition gated(Condition condition) {
        Random random = new Random(condition.toString().hashCode());
        return random.nextInt(3) > 0 ? condition : condition.withGates(some(random, () -> pick(random, "g", "h")));
    }

    private static Route route(int place, Condition when) {
        return new Route("r" + place, when, new Target.Reject());
    }

    private static Condition condition(Random random, boolean regexes, int depth) {
        List<String> names = some(random, () -> pick(random, regexes && random.nextInt(3) == 0 ? REGEXES : NAMES));
        List<String> alpn = some(random, () -> pick(random, "h2", "http/1.1"));
        List<String> protocols = names.isEmpty() && alpn.isEmpty()
                ? some(random, () -> pick(random, "tls", "openvpn", "silent"))
                : List.of();
        String from = random.nextInt(4) > 0
                ? null
                : String.join(
                        " ",
                        Stream.generate(() -> pick(random, BLOCKS)).limit(2).toList());
        List<String> listeners =
                random.nextInt(4) > 0 ? List.of() : some(random, () -> pick(random, ":443", "unix:/a"));
        Condition not = depth == 0 || random.nextInt(3) > 0 ? null : condition(random, regexes, depth - 1);
        Condition condition = condition(protocols, names, alpn, from, listeners, not);
        if (protocols.isEmpty() && names.isEmpty()) {
            if (random.nextInt(6) == 0) {
                return condition.withEncryptedHello(random.nextBoolean());
            }
            if (alpn.isEmpty() && random.nextInt(4) == 0) {
                return random.nextBoolean()
                        ? condition.withCookies(some(random, () -> pick(random, "a", "b")))
                        : condition.withHosts(
                                ServerNameSet.of(some(random, () -> ServerNamePattern.parse(pick(random, NAMES)))));
            }
        }
        return condition;
    }

    private static Condition condition(
            List<String> protocols,
            List<String> names,
            List<String> alpn,
            @Nullable String from,
            List<String> listeners,
            @Nullable Condition not) {
        CidrSet blocks = from == null
                ? null
                : CidrSet.of(Stream.of(from.split(" "))
                        .filter(block -> !block.isEmpty())
                        .map(Cidr::parse)
                        .toList());
        ServerNameSet patterns =
                ServerNameSet.of(names.stream().map(ServerNamePattern::parse).toList());
        return Condition.ANY
                .withProtocols(protocols)
                .withServerNames(patterns)
                .withApplicationProtocols(alpn)
                .withFrom(blocks)
                .withListeners(listeners)
                .withNot(not);
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
