package dev.portshare.cli.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What portshare as a process may use, and what it starts from. */
final class ProcessCheck {
    /** Of 20,000 connections, which the launcher's heap is made for, a half. */
    private static final long ENOUGH_FILES = 20_000;
    /** Percent of the limit. */
    private static final long NEARLY_ALL = 80;

    private ProcessCheck() {}

    /**
     * Looks at the portshare that runs, or else at what one would get that is started from here.
     *
     * @param home the image's folder; null: this Java is not in one
     */
    static List<Diagnosis> of(Machine machine, @Nullable Path home) {
        List<Diagnosis> found = new ArrayList<>();
        Optional<Proc.Program> running = machine.proc().portshare();
        OptionalLong limit = machine.proc()
                .openFilesLimit(
                        running.map(process -> Long.toString(process.pid())).orElse("self"));
        if (limit.isPresent()) {
            files(limit.getAsLong(), running, machine.proc(), found);
        }
        if (home != null && Files.exists(home.resolve("lib/portshare.aot"))) {
            cache(home, machine, found);
        }
        return found;
    }

    private static void files(long limit, Optional<Proc.Program> running, Proc proc, List<Diagnosis> found) {
        String remedy = "systemctl edit portshare, and there [Service] and LimitNOFILE=65536, then systemctl restart"
                + " portshare; or, where a shell starts it, ulimit -n 65536";
        String why = "each connection takes two; when none is left, new clients wait";
        long open = running.map(process -> proc.openFiles(process.pid())).orElse(0L);
        if (open * 100 >= limit * NEARLY_ALL) {
            found.add(new Diagnosis(
                    "open-files",
                    "portshare (process " + running.orElseThrow().pid() + ") has " + open + " files open, of " + limit,
                    why,
                    remedy));
        } else if (limit < ENOUGH_FILES) {
            String whose = running.isPresent() ? "portshare may have " : "from here, portshare may have ";
            found.add(new Diagnosis(
                    "open-files", whose + limit + " files open, for " + limit / 2 + " connections", why, remedy));
        }
    }

    private static void cache(Path home, Machine machine, List<Diagnosis> found) {
        String program = home.resolve("bin/portshare").toString();
        // Only with "on" does Java refuse to start where the cache does not fit.
        Optional<String> version = machine.output(
                "sh",
                "-c",
                "PORTSHARE_JAVA_OPTS=\"$PORTSHARE_JAVA_OPTS -XX:AOTMode=on\" exec \"$0\" --version",
                program);
        if (version.isEmpty()) {
            found.add(new Diagnosis(
                    "cache",
                    home.resolve("lib/portshare.aot") + " does not fit",
                    "portshare starts without it, which takes twice as long; Java options in PORTSHARE_JAVA_OPTS, or a"
                            + " jar whose time was changed when it was copied, are the usual reasons",
                    "install the package again, or unpack the archive again and copy with cp -a"));
        }
    }
}
