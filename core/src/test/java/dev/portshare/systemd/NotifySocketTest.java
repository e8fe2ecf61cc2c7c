package dev.portshare.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NotifySocketTest {
    @Test
    void withoutAServiceManagerThereIsNone() {
        assertThat(NotifySocket.of(Map.of())).isNull();
        assertThat(NotifySocket.of(Map.of("NOTIFY_SOCKET", ""))).isNull();
        assertThat(NotifySocket.of(Map.of("NOTIFY_SOCKET", "vsock:2:1"))).isNull();
    }

    @Test
    void anAbstractNameWillDoAndNothingIsLostWhileTheManagerDoesNotRead() throws Exception {
        String name = "portshare-test-" + UUID.randomUUID();
        Epoll.ensureAvailability();
        Socket manager = Socket.newSocketDomainDgram();
        try {
            manager.bind(new DomainSocketAddress("\0" + name));
            NotifySocket notify = Objects.requireNonNull(NotifySocket.of(Map.of("NOTIFY_SOCKET", "@" + name)));
            // More than net.unix.max_dgram_qlen, 10 by default, so that some must wait.
            int count = 14;
            for (int i = 0; i < count; i++) {
                notify.send("N=" + i);
            }
            StringBuilder heard = new StringBuilder();
            await().until(() -> {
                notify.send("LAST=1");
                heard.append(receive(manager));
                return heard.toString().contains("LAST=1");
            });
            for (int i = 0; i < count; i++) {
                assertThat(heard).contains("N=" + i + ";");
            }
        } finally {
            manager.close();
        }
    }

    @Test
    void theWatchdogIsForTheProcessThatItNames() {
        Map<String, String> environment = new HashMap<>(Map.of("WATCHDOG_USEC", "30000000"));
        assertThat(NotifySocket.watchdog(environment, 7)).isEqualTo(Duration.ofSeconds(30));
        environment.put("WATCHDOG_PID", "7");
        assertThat(NotifySocket.watchdog(environment, 7)).isEqualTo(Duration.ofSeconds(30));
        environment.put("WATCHDOG_PID", "8");
        assertThat(NotifySocket.watchdog(environment, 7)).isNull();
        assertThat(NotifySocket.watchdog(Map.of("WATCHDOG_USEC", "0"), 7)).isNull();
        assertThat(NotifySocket.watchdog(Map.of("WATCHDOG_USEC", "soon"), 7)).isNull();
        assertThat(NotifySocket.watchdog(Map.of(), 7)).isNull();
    }

    private static String receive(Socket manager) throws IOException {
        ByteBuffer message = ByteBuffer.allocateDirect(4096);
        StringBuilder all = new StringBuilder();
        for (int length = manager.recv(message, 0, 4096); length > 0; length = manager.recv(message, 0, 4096)) {
            byte[] bytes = new byte[length];
            message.get(0, bytes);
            all.append(new String(bytes, StandardCharsets.UTF_8)).append(';');
        }
        return all.toString();
    }
}
