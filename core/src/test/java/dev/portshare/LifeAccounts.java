package dev.portshare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.connection.Loop;
import dev.portshare.connection.Ticking;
import dev.portshare.listen.Crowded;
import dev.portshare.telemetry.Totals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What one portshare still holds, when it should hold nothing. */
final class LifeAccounts {
    private final Front front;
    private final Path journal;
    private final Ticking ticking;

    LifeAccounts(Front front, Path journal) throws ReflectiveOperationException {
        this.front = front;
        this.journal = journal;
        this.ticking = new Ticking(Ticking.field(front.portshare, "listeners"));
    }

    Ticking ticking() {
        return ticking;
    }

    /** Nothing of a connection is left, and {@code ended} have ended. */
    void check(int ended) throws Exception {
        if (!front.portshare.loops().getFirst().isShuttingDown()) {
            checkLoop(ended);
        }
        Object places = Ticking.field(Objects.requireNonNull(Ticking.field(front.portshare, "rules")), "places");
        assertThat(Crowded.left(places)).as("places").isEmpty();
        assertThat(Objects.requireNonNull(front.portshare.mapped()).counts().inUse())
                .as("mapped addresses")
                .isZero();
        try (Stream<Path> files = Files.list(journal)) {
            assertThat(files).as("journal").isEmpty();
        }
    }

    private void checkLoop(int ended) throws Exception {
        Totals totals = LifeWorld.result(front.portshare.telemetry().totals());
        assertThat(totals.closed()).as("closed").isEqualTo(ended);
        assertThat(totals.active()).as("active").isZero();
        assertThat(totals.accepted()).as("accepted").isEqualTo(ended);
        Loop loop = front.portshare.loops().getFirst();
        LifeWorld.result(loop.submit(() -> {
            assertThat(loop.live()).as("live").isZero();
            assertThat(loop.connections()).as("connections").isEmpty();
            assertThat(ticking.kinds()).as("deadlines").isEmpty();
        }));
    }

    /** The descriptors of this process that a connection might have: sockets, pipes, files in memory. */
    static Set<String> descriptors() throws IOException {
        Set<String> open = new HashSet<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path each : all.toList()) {
                try {
                    String target = Files.readSymbolicLink(each).toString();
                    if (target.startsWith("socket:") || target.startsWith("pipe:") || target.startsWith("/memfd:")) {
                        open.add(target);
                    }
                } catch (IOException _) {
                    // The listing's own, closed by now.
                }
            }
        }
        return open;
    }
}
