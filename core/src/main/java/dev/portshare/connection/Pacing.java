package dev.portshare.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The congestion control (tcp(7), TCP_CONGESTION) of connections within this machine. BBR, the default of many servers,
 * measures and paces; over loopback there is nothing to measure, and pacing costs more than half of the throughput.
 */
final class Pacing {
    private static final Logger LOG = LogManager.getLogger(Pacing.class);
    private static final Path SYSCTL = Path.of("/proc/sys/net/ipv4");
    private static final List<String> UNPACED = List.of("cubic", "reno");

    /** What to set instead of the machine's default, in a direct buffer; null where the default does not pace. */
    static final @Nullable ByteBuffer FREE = choose();

    private Pacing() {}

    private static @Nullable ByteBuffer choose() {
        try {
            String standard =
                    Files.readString(SYSCTL.resolve("tcp_congestion_control")).strip();
            if (UNPACED.contains(standard)) {
                return null;
            }
            // All that a process without CAP_NET_ADMIN may choose.
            Set<String> allowed = Set.of(Files.readString(SYSCTL.resolve("tcp_allowed_congestion_control"))
                    .strip()
                    .split(" "));
            for (String name : UNPACED) {
                if (allowed.contains(name)) {
                    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
                    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
                }
            }
        } catch (IOException e) {
            LOG.debug("the default congestion control stays: {}", e.getMessage());
        }
        return null;
    }
}
