package dev.portshare.cli;

import dev.portshare.systemd.NotifySocket;
import dev.portshare.systemd.PassedSockets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * The end of a start that will fail again until somebody corrects a file. Whatever its Restart= says, systemd starts a service
 * anew at once as long as a client waits at its socket, and closes the socket for good when that happens too often
 * (TriggerLimitBurst=, systemd.socket(5)).
 */
final class FailedStart {
    /** Longer than the time in which systemd bears twenty starts (TriggerLimitIntervalSec=). */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private FailedStart() {}

    /** Tells the service manager, if there is one, what to do; with sockets of its own, it is kept waiting for a while. */
    static void end(Map<String, String> environment) {
        NotifySocket manager = NotifySocket.of(environment);
        if (manager != null) {
            manager.send(
                    "STATUS=the route file or an option is wrong, as the log says; correct it, then: systemctl restart"
                            + " portshare");
        }
        if (!PassedSockets.ofThisProcess().names().isEmpty()) {
            long end = System.nanoTime() + PAUSE.toNanos();
            for (long left = PAUSE.toNanos(); left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }
}
