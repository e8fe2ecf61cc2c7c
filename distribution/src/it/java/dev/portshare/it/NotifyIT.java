package dev.portshare.it;

import static dev.portshare.it.harness.Sockets.PLAIN;
import static dev.portshare.it.harness.Sockets.accept;
import static dev.portshare.it.harness.Sockets.at;
import static dev.portshare.it.harness.Sockets.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.Script;
import dev.portshare.it.harness.Sockets;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service manager hears of the program's life. */
@Needs("python3")
class NotifyIT {
    @TempDir
    private Path folder;

    @Test
    void readyThenTheLineForPeopleThenTheEndAndTheWatchdogAllAlong() throws Exception {
        String path = folder.resolve("notify").toString();
        try (Script manager = new Script("notify-socket.py", path);
                ServerSocket backend = Sockets.backend()) {
            manager.line("bound");
            List<String> environment = List.of("env", "NOTIFY_SOCKET=" + path, "WATCHDOG_USEC=600000");
            try (Portshare portshare =
                    Portshare.under(environment, "--listen", "127.0.0.1:0", "--otherwise", at(backend))) {
                manager.line("STATUS=serving: 0 connections, 0 since start");
                assertThat(manager.lines().get(1)).isEqualTo("READY=1");
                manager.line("WATCHDOG=1", 3);
                try (Socket _ = connect(portshare, PLAIN);
                        Socket server = accept(backend)) {
                    server.getInputStream().readNBytes(PLAIN.length);
                    manager.line("STATUS=serving: 1 connection, 1 since start");
                    portshare.signal("TERM");
                    manager.line("STOPPING=1");
                    manager.line("STATUS=draining: 1 connection left, no new ones");
                    manager.line("EXTEND_TIMEOUT_USEC=", 3);
                    long fed = manager.lines().stream()
                            .filter("WATCHDOG=1"::equals)
                            .count();
                    manager.line("WATCHDOG=1", (int) fed + 2);
                }
                assertThat(portshare.exitCode()).isZero();
            }
        }
    }

    /** systemd's socket may be an abstract one; and the watchdog may be meant for another process. */
    @Test
    void whatIsMeantForAnotherProcessIsNotFed() throws Exception {
        String name = "portshare-it-" + ProcessHandle.current().pid();
        try (Script manager = new Script("notify-socket.py", "@" + name)) {
            manager.line("bound");
            List<String> environment =
                    List.of("env", "NOTIFY_SOCKET=@" + name, "WATCHDOG_USEC=30000", "WATCHDOG_PID=1");
            try (Portshare portshare =
                    Portshare.under(environment, "--listen", "127.0.0.1:0", "--otherwise", "reject")) {
                manager.line("STATUS=");
                try (Socket client = connect(portshare, PLAIN)) {
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                }
                manager.line("STATUS=serving: 0 connections, 1 since start, 1 refused in the last minute");
                assertThat(manager.lines()).doesNotContain("WATCHDOG=1");
            }
        }
    }
}
