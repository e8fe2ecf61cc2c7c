package dev.portshare.route;

import dev.portshare.detect.Detection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The choice of a route by server name or host, in tables of ten names and of ten thousand, a hundred wildcards and fifty regexes:
 * of names that were asked for before, and of names that were not, or so long ago that nothing is known of them any more.
 */
@State(Scope.Thread)
public class RoutingBenchmark {
    private static final int FEW = 10;
    private static final int NAMES = 10_000;
    private static final int WILDCARDS = 100;
    private static final int REGEXES = 50;
    private static final int ASKED = 8;
    /** Of so many names in turn hardly one is found in a memory that holds a sixteenth of them. */
    private static final int FRESH = 16 * NameMemory.SLOTS;

    /** The regexes of a large table. */
    public enum Regexes {
        /** Each names a domain of its own, as in <code>/www[0-9]+\.customer7\.example/</code>. */
        OWN_DOMAINS("/www[0-9]+\\.customer%d\\.example/", "www%2$d.customer%1$d.example"),
        /** Each names a host of one domain, as in <code>/app7-[a-z]+\.example\.com/</code>. */
        ONE_DOMAIN("/app%d-[a-z]+\\.example\\.com/", "app%1$d-%3$s.example.com"),
        /** Neither begin nor end tells them apart, as in <code>/[a-z]+-7\.[a-z.]+/</code>. */
        ANY_DOMAIN("/[a-z]+-%d\\.[a-z.]+/", "%3$s-%1$d.example.com");

        private final String pattern;
        private final String matched;

        Regexes(String pattern, String matched) {
            this.pattern = pattern;
            this.matched = matched;
        }
    }

    /** How the names are spread over routes. */
    public enum Layout {
        ROUTE_EACH,
        ONE_ROUTE
    }

    /** What the clients ask for. */
    public enum Asked {
        A_NAME,
        A_WILDCARD,
        A_REGEX,
        NO_ROUTE
    }

    /** Which fact is compared. */
    public enum Key {
        SNI,
        HOST
    }

    @Param
    private Key key;

    @Param
    private Layout layout;

    /** For both tables: of ten names, the same ten, and nothing but names. */
    @Param
    private Asked asked;

    @Param
    private Regexes regexes;

    private RouteTable ten;
    private RouteTable many;
    private Facts[] facts;
    private Facts[] fresh;
    private int next;

    @Setup
    public void build() {
        ten = table(numbered("host%d.example.org", FEW).toList());
        many = table(Stream.of(
                        numbered("host%d.example.org", NAMES),
                        numbered("*.tenant%d.example.net", WILDCARDS),
                        numbered(regexes.pattern, REGEXES))
                .flatMap(patterns -> patterns)
                .toList());
        facts = facts(ASKED);
        fresh = facts(FRESH);
        for (Facts each : facts) {
            if ((ten.decide(each) == null) == (asked == Asked.A_NAME)) {
                throw new IllegalStateException("this would measure something else: " + each);
            }
        }
        for (Facts each : fresh) {
            if ((many.decide(each) == null) != (asked == Asked.NO_ROUTE)) {
                throw new IllegalStateException("this would measure something else: " + each);
            }
        }
    }

    /** The first {@code count} clients; {@code facts(ASKED)} are the first of all others. */
    private Facts[] facts(int count) {
        String format = switch (asked) {
            case A_NAME -> "host%1$d.example.org";
            case A_WILDCARD -> "www%2$d.tenant%1$d.example.net";
            case A_REGEX -> regexes.matched;
            case NO_ROUTE -> "nobody%2$d.example.com";
        };
        int patterns = asked == Asked.A_NAME ? NAMES : asked == Asked.A_WILDCARD ? WILDCARDS : REGEXES;
        return IntStream.range(0, count)
                .mapToObj(i -> format.formatted(i % patterns, i, letters(i)))
                .map(text ->
                        key == Key.SNI ? Detection.Match.tls(text, List.of("h2"), false) : Detection.Match.http(text))
                .map(match -> new Facts(match, null, ":443"))
                .toArray(Facts[]::new);
    }

    private static String letters(int number) {
        return Integer.toString(number, 26)
                .chars()
                .mapToObj(digit -> Character.toString('a' + Character.digit(digit, 26)))
                .collect(Collectors.joining());
    }

    private static Stream<String> numbered(String format, int count) {
        return IntStream.range(0, count).mapToObj(format::formatted);
    }

    private RouteTable table(List<String> patterns) {
        List<List<String>> perRoute = layout == Layout.ONE_ROUTE
                ? List.of(patterns)
                : patterns.stream().map(List::of).toList();
        List<Route> routes = new ArrayList<>();
        for (List<String> each : perRoute) {
            ServerNameSet names =
                    ServerNameSet.of(each.stream().map(ServerNamePattern::parse).toList());
            Condition when = key == Key.SNI ? Condition.ANY.withServerNames(names) : Condition.ANY.withHosts(names);
            routes.add(new Route("route" + routes.size(), when, new Target.Reject()));
        }
        return new RouteTable(routes);
    }

    private Facts next(Facts[] clients) {
        next = (next + 1) % clients.length;
        return clients[next];
    }

    @Benchmark
    public @Nullable Route ten() {
        return ten.decide(next(facts));
    }

    @Benchmark
    public @Nullable Route many() {
        return many.decide(next(facts));
    }

    @Benchmark
    public @Nullable Route manyOfFreshNames() {
        return many.decide(next(fresh));
    }
}
