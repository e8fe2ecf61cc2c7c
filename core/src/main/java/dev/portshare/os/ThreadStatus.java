package dev.portshare.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the kernel says of each thread of this process: users, groups, capabilities, proc(5). */
final class ThreadStatus {
    private static final Path THREADS = Path.of("/proc/self/task");

    private ThreadStatus() {}

    /** Refuses a process that has a thread which is not {@code user}'s, or can do more; {@code kept} is this thread's alone. */
    static void check(User user, KeptCapability kept) throws IOException, UserException {
        String uid = Integer.toUnsignedString(user.uid());
        String gid = Integer.toUnsignedString(user.gid());
        Path self = Path.of("/proc")
                .resolve(Files.readSymbolicLink(Path.of("/proc/thread-self")))
                .getFileName();
        Set<String> groups = new HashSet<>();
        try (Stream<Path> threads = Files.list(THREADS)) {
            for (Path thread : threads.toList()) {
                List<String> lines = lines(thread);
                String capability = (thread.getFileName().equals(self) ? kept : KeptCapability.NONE).toString();
                List<String> wanted = List.of(
                        line("Uid:", uid, uid, uid, uid),
                        line("Gid:", gid, gid, gid, gid),
                        line("CapPrm:", capability),
                        line("CapEff:", capability),
                        line("CapAmb:", KeptCapability.NONE.toString()),
                        line("NoNewPrivs:", "1"));
                for (String line : wanted) {
                    if (!lines.isEmpty() && !lines.contains(line)) {
                        throw new UserException("gave up root for \"" + user.name() + "\", but not in thread "
                                + thread.getFileName() + ": its status does not say \"" + line + "\"");
                    }
                }
                lines.stream().filter(line -> line.startsWith("Groups:")).forEach(groups::add);
            }
        }
        if (groups.size() != 1) {
            throw new UserException("gave up root for \"" + user.name() + "\", but threads differ in " + groups);
        }
    }

    /** Of one that has ended meanwhile, none. */
    private static List<String> lines(Path thread) throws IOException {
        try {
            return Files.readAllLines(thread.resolve("status"));
        } catch (IOException e) {
            if (Files.notExists(thread)) {
                return List.of();
            }
            throw e;
        }
    }

    private static String line(String key, String... values) {
        return key + "\t" + String.join("\t", values);
    }
}
