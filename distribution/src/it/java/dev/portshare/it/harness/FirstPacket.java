package dev.portshare.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a real OpenVPN client with {@code tls-crypt} sent first, and the key that it proves: those of the core's tests. */
public final class FirstPacket {
    private static final Path FOLDER = Repository.CORPUS.resolveSibling("openvpn-keys");
    /** JSON, in which the key's lines are parted by a backslash and an n. */
    private static final Pattern KEY = Pattern.compile("\"ta\\.key\": \\{[^}]*\"text\": \"[^\"]*?(-----BEGIN[^\"]*)\"");

    private FirstPacket() {}

    public static byte[] bytes() throws IOException {
        try (var lines = Files.lines(FOLDER.resolve("packets.tsv"))) {
            String row = lines.filter(line -> line.startsWith("tls-crypt\t"))
                    .findFirst()
                    .orElseThrow();
            return HexFormat.of().parseHex(row.split("\t")[3]);
        }
    }

    /** Writes the key to {@code file}. */
    public static Path key(Path file) throws IOException {
        Matcher key = KEY.matcher(Files.readString(FOLDER.resolve("vectors.json")));
        if (!key.find()) {
            throw new AssertionError("no ta.key in vectors.json");
        }
        return Files.writeString(file, key.group(1).replace("\\n", "\n"));
    }
}
