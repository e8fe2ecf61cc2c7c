package dev.portshare.it.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A program in a terminal of its own, and somebody who sits before it: src/it/resources/terminal.py does the work. */
public final class Terminal {
    private Terminal() {}

    /** Has {@code words} run in a terminal of that size, and takes the steps that terminal.py explains, a line each. */
    public static Command.Result run(int rows, int columns, String steps, List<String> words) throws IOException {
        Path file = Files.createTempFile("steps", ".txt");
        try {
            Files.writeString(file, steps, StandardCharsets.US_ASCII);
            Path script = Repository.MODULE.resolve("src/it/resources/terminal.py");
            List<String> command = Stream.concat(
                            Stream.of(
                                    "bash",
                                    "-c",
                                    "exec python3 \"$@\" < " + file,
                                    "bash",
                                    script.toString(),
                                    Integer.toString(rows),
                                    Integer.toString(columns)),
                            words.stream())
                    .toList();
            return Command.of(command).run();
        } finally {
            Files.delete(file);
        }
    }
}
