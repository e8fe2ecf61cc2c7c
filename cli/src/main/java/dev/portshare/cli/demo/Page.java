package dev.portshare.cli.demo;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;

/**
 * What a visitor sees.
 *
 * @param values what stands for each <code>{{name}}</code> of the templates; some of it the client chose
 */
record Page(Map<String, String> values) {
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");
    private static final String NEXT = "next";
    private static final String HTML = template("page.html");
    private static final String TEXT = template("page.txt");

    /** The page of {@code site} for who sent {@code request} over {@code tls}. */
    static Page of(Site site, HttpRequest request, SSLEngine tls, Commands commands) {
        String alpn = Objects.requireNonNullElse(tls.getApplicationProtocol(), "");
        return new Page(Map.of(
                "route",
                site.route,
                "title",
                site.title,
                "sni",
                serverName(tls),
                "host",
                request.headers().get(HttpHeaderNames.HOST, "none"),
                "tls",
                tls.getSession().getProtocol().replace("TLSv", "TLS "),
                "alpn",
                alpn.isEmpty() ? "none" : alpn,
                "port",
                Integer.toString(commands.port()),
                NEXT,
                site.next(commands)));
    }

    private static String serverName(SSLEngine tls) {
        return ((ExtendedSSLSession) tls.getSession())
                .getRequestedServerNames().stream()
                        .filter(SNIHostName.class::isInstance)
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .findFirst()
                        .orElse("none");
    }

    String html() {
        // Browsers break lines after any hyphen: each word of the command becomes a box that stays whole.
        return filled(
                HTML,
                (name, value) -> name.equals(NEXT)
                        ? "<span>" + escaped(value).replace(" ", "</span> <span>") + "</span>"
                        : escaped(value));
    }

    /** For a terminal: nothing but printable ASCII. */
    String text() {
        return filled(TEXT, (_, value) -> value.replaceAll("[^ -~]", "?"));
    }

    private String filled(String template, BinaryOperator<String> harmless) {
        return PLACE.matcher(template).replaceAll(place -> {
            String name = place.group(1);
            String value = Objects.requireNonNull(values.get(name), name);
            return Matcher.quoteReplacement(harmless.apply(name, value));
        });
    }

    private static String escaped(String value) {
        return value.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String template(String name) {
        try (InputStream resource = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
