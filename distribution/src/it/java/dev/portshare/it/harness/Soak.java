package dev.portshare.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** How long and how wide soak and chaos tests are: a quarter of a minute, or with {@code -Psoak} ten minutes (pom.xml). */
public final class Soak {
    /** Tests of this tag are in the long form alone. */
    public static final String LONG = "soak";

    private Soak() {}

    /** Whether this is the long form. */
    public static boolean isLong() {
        return time().compareTo(Duration.ofMinutes(1)) >= 0;
    }

    /** How long the traffic lasts. */
    public static Duration time() {
        return Duration.ofSeconds(Integer.getInteger("soak.seconds", 15));
    }

    /** How long one fault lasts, or is looked at. */
    public static Duration fault() {
        return Duration.ofMillis(Math.clamp(time().toMillis() / 10, 1500, 10_000));
    }

    /** How many connections there are at once; fewer where open files do not suffice, which is printed. */
    public static int connections() throws IOException {
        int wanted = Integer.getInteger("soak.connections", 500);
        String limit = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .findFirst()
                .orElseThrow()
                .split(" {2,}")[2];
        // Two for each, and some for the program itself and for pipes.
        int possible = limit.equals("unlimited") ? wanted : (Integer.parseInt(limit) - 500) / 2;
        if (possible < wanted) {
            System.out.printf("%d connections instead of %d: ulimit -Hn is %s%n", possible, wanted, limit);
        }
        return Math.min(wanted, possible);
    }
}
