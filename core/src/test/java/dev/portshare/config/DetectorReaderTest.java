package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portshare.detect.Classifier;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Detectors of the route file: how they are read, in which order they are asked, and what is told of them. */
class DetectorReaderTest {
    private static final String ROUTES = "routes: [{when: {protocol: [foo]}, to: reject}, {to: '127.0.0.1:1'}]\n";

    private static Configuration parse(String detectors, String routes) throws ConfigurationException {
        return RouteFile.parse("r.yaml", "listen: 443\ndetectors: " + detectors + "\n" + routes, Path.of(""));
    }

    @Test
    void theyAreAskedInTheirOrderAndBeforeTheBuiltInOnes() throws ConfigurationException {
        Configuration configuration =
                parse("[{name: foo, prefix: 'GET /foo '}, {name: bar, regex: 'GET /f.* '}]", ROUTES);
        assertThat(configuration.detectors()).extracting(NamedDetector::name).containsExactly("foo", "bar");
        Classifier classifier = new Classifier(configuration.allDetectors());
        assertThat(classify(classifier, "GET /foo HTTP/1.1\r\n\r\n")).isEqualTo(Detection.Match.of("foo"));
        assertThat(classify(classifier, "GET /fox HTTP/1.1\r\n\r\n")).isEqualTo(Detection.Match.of("bar"));
        assertThat(classify(classifier, "GET / HTTP/1.1\r\n\r\n")).isEqualTo(Detection.Match.http(null));
    }

    @Test
    void withoutAnyTheBuiltInTableIsUsedAsItIs() throws ConfigurationException {
        Configuration configuration = RouteFile.parse("r.yaml", "{listen: 443, routes: [{to: reject}]}", Path.of(""));
        assertThat(configuration.allDetectors()).isSameAs(Detectors.BUILTIN);
    }

    @Test
    void whatIsWrongIsToldAtItsPlace() {
        refuses(
                "[{name: tls, prefix: x}, {name: foo, prefix: y}]",
                ":2:20: detectors[0].name: \"tls\" is a name of portshare's own; write another, such" + " as my-tls");
        refuses(
                "[{name: foo, prefix: x}, {name: foo, prefix: y}]",
                ":2:44: detectors[1].name: duplicate detector name" + " \"foo\"; the first is in line 2");
        refuses(
                "[{name: foo, prefix: x, mask: ff}]",
                ":2:42: detectors[0].mask: without \"hex\" it means nothing; leave it" + " out");
        refuses(
                "[{name: foo, prefix: x, hex: ff}]",
                ":2:13: detectors[0]: both \"hex\" and \"prefix\"; write a detector for" + " each");
        refuses(
                "[{name: foo, regex: x$}]",
                ":2:32: detectors[0].regex: \"x$\" asks with $ for what follows, and a connection has no end while it"
                        + " is open; leave it out, or write the byte that follows, such as \\n");
        refuses(
                "[{name: foo, openvpn-xor: KEY}]",
                ":2:38: detectors[0].openvpn-xor: no scramble \"KEY\"; if it is a key," + " write xormask KEY");
    }

    /** A route that names a detector which is a problem is none itself. */
    private static void refuses(String detectors, String problem) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> parse(detectors, ROUTES))
                .satisfies(e ->
                        assertThat(e.problems()).extracting(Object::toString).containsExactly("r.yaml" + problem));
    }

    @Test
    void aRouteOfAnUnknownOneIsToldWhichThereAre() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() ->
                        parse("[{name: telnet-bot, hex: fffb}]", "routes: [{when: {protocol: telnetbot}, to: reject}]"))
                .satisfies(e -> assertThat(e.problems().getFirst().toString())
                        .endsWith("no protocol \"telnetbot\"; did you mean \"telnet-bot\"?"));
    }

    @Test
    void oneThatNoRouteNamesAndOneThatHoldsEverybodyUpAreTold() throws ConfigurationException {
        List<Finding> findings = Review.of(parse("[{name: foo, regex: '.*x'}, {name: bar, prefix: y}]", ROUTES));
        assertThat(findings)
                .extracting(finding -> finding.severity() + " " + finding.path())
                .containsExactly("warning detectors[0].regex", "advice detectors[1].name");
    }

    @Test
    void oneThatAnotherInFrontHidesIsTold() throws ConfigurationException {
        String routes = "routes: [{when: {protocol: [a, b]}, to: reject}, {to: '127.0.0.1:1'}]";
        assertThat(Review.of(parse("[{name: a, prefix: 'GET '}, {name: b, prefix: 'GET /x'}]", routes)))
                .containsExactly(new Finding(
                        Severity.WARNING,
                        "detectors[1]",
                        "can never match: \"a\" in front of it takes every client that it would; write it before that"
                                + " one, or leave it out"));
        assertThat(Review.of(parse("[{name: b, prefix: 'GET /x'}, {name: a, prefix: 'GET '}]", routes)))
                .isEmpty();
    }

    /** A route behind all built-in protocols still gets those of the file. */
    @Test
    void aRouteThatOnlyTheyReachIsNotCalledUnreachable() throws ConfigurationException {
        String all = "routes: [{when: {not: {protocol: foo}}, to: reject}, {to: '127.0.0.1:1'}]";
        assertThat(Review.of(parse("[{name: foo, prefix: x}]", all))).isEmpty();
        String both = "routes: [{when: {protocol: foo}, to: reject}, {when: {not: {protocol: foo}}, to: reject},"
                + " {to: '127.0.0.1:1'}]";
        assertThat(Review.of(parse("[{name: foo, prefix: x}]", both)))
                .extracting(Finding::path)
                .containsExactly("routes[2]");
    }

    private static Detection classify(Classifier classifier, String head) {
        return classifier.classify(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
