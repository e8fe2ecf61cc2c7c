package dev.portshare.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The recorded heads of connections that the core's tests use too. */
public final class Corpus {
    /**
     * One of them.
     *
     * @param protocol as the manifest says it: {@code tls}, {@code openvpn/tls-crypt}, ...
     * @param sni      null where there is none
     */
    public record Head(String file, String protocol, String sni, List<String> alpn) {
        public byte[] bytes() throws IOException {
            return Files.readAllBytes(Repository.CORPUS.resolve(file));
        }

        /** The name as a route sees it. */
        public String normalSni() {
            return sni == null ? null : sni.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        }
    }

    private Corpus() {}

    public static List<Head> heads() throws IOException {
        return Files.readAllLines(Repository.CORPUS.resolve("manifest.tsv")).stream()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .map(row -> new Head(row[0], row[2], row[3].equals("-") ? null : row[3], names(row[4])))
                .toList();
    }

    public static Head head(String name) throws IOException {
        return heads().stream()
                .filter(head -> head.file().equals(name + ".bin"))
                .findAny()
                .orElseThrow();
    }

    private static List<String> names(String list) {
        return list.equals("-") ? List.of() : Arrays.asList(list.split(","));
    }
}
