package dev.portshare.route;

import dev.portshare.detect.Detection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The choice of a route by server name or host, in tables of ten names and of ten thousand, a hundred wildcards and fifty regexes. */
@State(Scope.Thread)
public class RoutingBenchmark {
    private static final int FEW = 10;
    private static final int ASKED = 8;

    /** The regexes of a large table. */
    public enum Regexes {
        /** Each names a domain of its own, as in <code>/www[0-9]+\.customer7\.example/</code>. */
        OWN_DOMAINS("/www[0-9]+\\.customer%d\\.example/", "www1.customer%d.example"),
        /** Each names a host of one domain, as in <code>/app7-[a-z]+\.example\.com/</code>. */
        ONE_DOMAIN("/app%d-[a-z]+\\.example\\.com/", "app%d-blue.example.com"),
        /** Neither begin nor end tells them apart, as in <code>/[a-z]+-7\.[a-z.]+/</code>. */
        ANY_DOMAIN("/[a-z]+-%d\\.[a-z.]+/", "blue-%d.example.com");

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
    private int next;

    @Setup
    public void build() {
        ten = table(numbered("host%d.example.org", FEW).toList());
        many = table(Stream.of(
                        numbered("host%d.example.org", 10_000),
                        numbered("*.tenant%d.example.net", 100),
                        numbered(regexes.pattern, 50))
                .flatMap(patterns -> patterns)
                .toList());
        String name = switch (asked) {
            case A_NAME -> "host%d.example.org";
            case A_WILDCARD -> "www.tenant%d.example.net";
            case A_REGEX -> regexes.matched;
            case NO_ROUTE -> "nobody%d.example.com";
        };
        facts = numbered(name, ASKED)
                .map(text ->
                        key == Key.SNI ? Detection.Match.tls(text, List.of("h2"), false) : Detection.Match.http(text))
                .map(match -> new Facts(match, null, ":443"))
                .toArray(Facts[]::new);
        for (Facts each : facts) {
            if ((many.decide(each) == null) != (asked == Asked.NO_ROUTE)
                    || (ten.decide(each) == null) == (asked == Asked.A_NAME)) {
                throw new IllegalStateException("this would measure something else: " + each);
            }
        }
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

    private Facts next() {
        Facts each = facts[next];
        next = (next + 1) % ASKED;
        return each;
    }

    @Benchmark
    public @Nullable Route ten() {
        return ten.decide(next());
    }

    @Benchmark
    public @Nullable Route many() {
        return many.decide(next());
    }
}
