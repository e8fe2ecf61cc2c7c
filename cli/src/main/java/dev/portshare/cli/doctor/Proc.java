package dev.portshare.cli.doctor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads /proc, proc(5). What cannot be read is left out: the files of other users' processes, for example.
 *
 * @param root {@code /proc}, or a folder like it
 */
record Proc(Path root) {
    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");
    private static final Pattern UNIT = Pattern.compile("/([^/\\n]+\\.(?:service|socket))(?:/|$)", Pattern.MULTILINE);
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files +(\\d+)");
    private static final Pattern CAPABILITIES = Pattern.compile("(?m)^CapEff:\\s*([0-9a-f]+)");

    /**
     * A program that runs.
     *
     * @param unit of systemd, such as {@code nginx.service}; empty where there is none
     */
    record Program(long pid, String name, Optional<String> unit, boolean isPortshare) {
        @Override
        public String toString() {
            return name + " (process " + pid + unit.map(unit -> ", " + unit).orElse("") + ")";
        }
    }

    /** The text of a file below {@code /proc}, without blanks around it; empty where there is none. */
    Optional<String> text(String path) {
        // By large reads: Files.readString begins with a single byte, and the kernel gives no number in pieces.
        try (InputStream in = Files.newInputStream(root.resolve(path))) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            in.transferTo(bytes);
            return Optional.of(bytes.toString(StandardCharsets.UTF_8).strip());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** A parameter of the kernel, such as {@code net/core/somaxconn}. */
    OptionalLong parameter(String name) {
        Optional<String> text = text("sys/" + name).filter(value -> value.matches("\\d{1,18}"));
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text.get()));
    }

    /** Every TCP socket that listens. */
    List<TcpListener> listeners() {
        List<TcpListener> listeners = new ArrayList<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            text(table).stream()
                    .flatMap(String::lines)
                    .skip(1)
                    .flatMap(row -> TcpListener.parse(row).stream())
                    .forEach(listeners::add);
        }
        return listeners;
    }

    /** Who has the socket {@code inode} open; empty where that is not to be seen. */
    Optional<Program> owner(String inode) {
        return processes()
                .filter(process -> descriptors(process).anyMatch(target -> isSocket(target, inode)))
                .findFirst()
                .map(this::process);
    }

    private static boolean isSocket(String target, String inode) {
        Matcher socket = SOCKET.matcher(target);
        return socket.matches() && socket.group(1).equals(inode);
    }

    /** A portshare that serves, other than this process. */
    Optional<Program> portshare() {
        long self = ProcessHandle.current().pid();
        return processes()
                .map(this::process)
                .filter(process -> process.isPortshare && process.pid != self)
                .findFirst();
    }

    private Stream<Path> processes() {
        return list(root).filter(path -> path.getFileName().toString().matches("\\d+"));
    }

    private Program process(Path path) {
        long pid = Long.parseLong(path.getFileName().toString());
        // One argument behind the other, with NUL between.
        List<String> command = List.of(text(pid + "/cmdline").orElse("").split("\0", -1));
        int jar = command.indexOf("-jar");
        boolean isPortshare = jar >= 0
                && jar + 2 < command.size()
                && command.get(jar + 1).endsWith("/portshare.jar")
                && (command.get(jar + 2).equals("run") || command.get(jar + 2).startsWith("-"));
        Matcher unit = UNIT.matcher(text(pid + "/cgroup").orElse(""));
        return new Program(
                pid,
                isPortshare ? "portshare" : text(pid + "/comm").orElse("a program"),
                unit.find() ? Optional.of(unit.group(1)) : Optional.empty(),
                isPortshare);
    }

    private static Stream<String> descriptors(Path process) {
        return list(process.resolve("fd")).flatMap(descriptor -> {
            try {
                return Stream.of(Files.readSymbolicLink(descriptor).toString());
            } catch (IOException _) {
                return Stream.of(); // Closed meanwhile.
            }
        });
    }

    /** How many files process {@code pid} has open; 0 where that is not to be seen. */
    long openFiles(long pid) {
        return list(root.resolve(pid + "/fd")).count();
    }

    /** How many files {@code process}, a number or {@code self}, may have open. */
    OptionalLong openFilesLimit(String process) {
        Matcher limit = OPEN_FILES.matcher(text(process + "/limits").orElse(""));
        return limit.find() ? OptionalLong.of(Long.parseLong(limit.group(1))) : OptionalLong.empty();
    }

    /** Whether this process has capability {@code number}, capabilities(7). */
    boolean hasCapability(int number) {
        return hasCapability("self/status", number);
    }

    /** Whether a thread of process {@code pid} has it. */
    boolean hasCapability(long pid, int number) {
        return list(root.resolve(pid + "/task"))
                .anyMatch(thread -> hasCapability(pid + "/task/" + thread.getFileName() + "/status", number));
    }

    private boolean hasCapability(String status, int number) {
        Matcher set = CAPABILITIES.matcher(text(status).orElse(""));
        return set.find() && (Long.parseUnsignedLong(set.group(1), 16) >>> number & 1) == 1;
    }

    private static Stream<Path> list(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.toList().stream();
        } catch (IOException _) {
            return Stream.of();
        }
    }
}
