package dev.portshare.admin;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * What the process takes of the machine, as the kernel (proc(5)) and the JVM say. -1 where they do not.
 *
 * @param cpuSeconds   processor time since the start
 * @param resident     bytes of memory
 * @param heapUsed     bytes of the Java heap in use, garbage included
 * @param heapSize     bytes that it takes up
 * @param heapLimit    bytes that it may take up
 * @param direct       bytes of memory that buffers take up
 * @param directLimit  bytes that they may take up
 * @param openFiles    open file descriptors
 * @param openLimit    how many there may be
 */
record ProcessFigures(
        double cpuSeconds,
        long resident,
        long heapUsed,
        long heapSize,
        long heapLimit,
        long direct,
        long directLimit,
        long openFiles,
        long openLimit) {
    private static final Path SELF = Path.of("/proc/self");
    /** USER_HZ: 100 on every architecture that this program runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final long PAGE = 4096;

    /** When this process started. */
    static Instant start() {
        return ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH);
    }

    /** As they are now. Reads files, and so blocks for some microseconds. */
    static ProcessFigures now() {
        Runtime runtime = Runtime.getRuntime();
        return new ProcessFigures(
                readCpuSeconds(),
                field("statm", 1) < 0 ? -1 : field("statm", 1) * PAGE,
                runtime.totalMemory() - runtime.freeMemory(),
                runtime.totalMemory(),
                runtime.maxMemory(),
                PlatformDependent.usedDirectMemory(),
                PlatformDependent.maxDirectMemory(),
                countOpenFiles(),
                readOpenLimit());
    }

    private static double readCpuSeconds() {
        try {
            String stat = Files.readString(SELF.resolve("stat"));
            // The name, in parentheses, may have blanks; behind it the state is field 3, utime 14 and stime 15.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            return -1;
        }
    }

    private static long field(String file, int index) {
        try {
            return Long.parseLong(Files.readString(SELF.resolve(file)).split(" ", -1)[index]);
        } catch (IOException e) {
            return -1;
        }
    }

    private static long countOpenFiles() {
        try (Stream<Path> descriptors = Files.list(SELF.resolve("fd"))) {
            // One is the listing's own.
            return descriptors.count() - 1;
        } catch (IOException e) {
            return -1;
        }
    }

    private static long readOpenLimit() {
        try (Stream<String> limits = Files.lines(SELF.resolve("limits"))) {
            String soft = limits.filter(line -> line.startsWith("Max open files"))
                    .findFirst()
                    .map(line -> line.split(" +", -1)[3])
                    .orElse("-1");
            return soft.equals("unlimited") ? -1 : Long.parseLong(soft);
        } catch (IOException e) {
            return -1;
        }
    }
}
