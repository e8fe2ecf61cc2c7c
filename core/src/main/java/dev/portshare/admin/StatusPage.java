package dev.portshare.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/** The page for people: one file, whose own style and script are the only ones that a browser may run. */
final class StatusPage {
    private static final String PAGE = read("status.html");

    /** Nothing from elsewhere, nothing that the page did not come with, and no page around it (CSP, level 3). */
    static final String POLICY = "default-src 'none'; script-src 'sha256-" + hash("script") + "'; style-src 'sha256-"
            + hash("style") + "'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'";

    private StatusPage() {}

    static Answer answer() {
        return new Answer(HttpResponseStatus.OK, "text/html; charset=utf-8", PAGE);
    }

    /** Of what stands in the page's one element of this name. */
    private static String hash(String element) {
        String start = "<" + element + ">";
        String content = PAGE.substring(PAGE.indexOf(start) + start.length(), PAGE.indexOf("</" + element + ">"));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private static String read(String name) {
        try (InputStream resource = Objects.requireNonNull(StatusPage.class.getResourceAsStream(name), name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
