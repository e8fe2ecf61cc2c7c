package dev.portshare.detect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The recorded and crafted first flights in {@code src/test/resources/corpus}; its README explains the columns. */
public final class Corpus {
    private static final Pattern ESCAPED = Pattern.compile("\\\\x([0-9a-f]{2})");

    private Corpus() {}

    /**
     * A row of the manifest and its file.
     *
     * @param sni  the server name as the client sent it, null where it sent none
     * @param alpn the ALPN names, one char a byte
     */
    public record Entry(
            String file,
            String client,
            String protocol,
            @Nullable String sni,
            List<String> alpn,
            String notes,
            byte[] bytes) {
        @Override
        public String toString() {
            return file;
        }
    }

    /** Every file, in the manifest's order. */
    public static List<Entry> all() {
        return new String(resource("manifest.tsv"), StandardCharsets.UTF_8)
                .lines()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .map(c -> new Entry(c[0], c[1], c[2], name(c[3]), names(c[4]), c[5], resource(c[0])))
                .toList();
    }

    /** The bytes of one file, such as {@code "tls-chromium-1.bin"}. */
    public static byte[] bytes(String file) {
        return resource(file);
    }

    private static @Nullable String name(String column) {
        return column.equals("-") ? null : unescape(column);
    }

    private static List<String> names(String column) {
        return column.equals("-")
                ? List.of()
                : Arrays.stream(column.split(",")).map(Corpus::unescape).toList();
    }

    private static String unescape(String column) {
        return ESCAPED.matcher(column)
                .replaceAll(hex -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(hex.group(1), 16))));
    }

    private static byte[] resource(String file) {
        try (InputStream in = Corpus.class.getResourceAsStream("/corpus/" + file)) {
            return Objects.requireNonNull(in, file).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }
}
