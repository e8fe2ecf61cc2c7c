package dev.portshare.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a socket must be to be listened on, and what becomes of it. */
class PassedSocketTest {
    private static final ListenAddress ADDRESS = ListenAddress.parse("systemd:https");
    private static final int TCP = 6;
    private static final int TCP_DEFER_ACCEPT = 9;

    private @Nullable Socket opened;

    @BeforeAll
    static void load() {
        Epoll.ensureAvailability();
    }

    @AfterEach
    void close() throws IOException {
        if (opened != null) {
            opened.close();
        }
    }

    @Test
    void aDatagramSocketIsNone() {
        Socket socket = opened = Socket.newSocketDgram();
        assertThatThrownBy(() -> PassedSocket.adopt(socket.intValue(), ADDRESS))
                .isInstanceOf(ListenException.class)
                .hasMessageContainingAll("systemd:https", "datagram", "ListenStream=");
    }

    @Test
    void aConnectionIsNone() {
        Socket socket = opened = Socket.newSocketStream();
        assertThatThrownBy(() -> PassedSocket.adopt(socket.intValue(), ADDRESS))
                .isInstanceOf(ListenException.class)
                .hasMessageContaining("Accept=no");
    }

    @Test
    void itStaysOpenAndItsOptionsStayButForTheOneThatTheClocksGoBy() throws Exception {
        Socket socket = opened = Socket.newSocketStream();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.listen(1);
        socket.setTcpNoDelay(true);
        PassedSocket passed = PassedSocket.adopt(socket.intValue(), ADDRESS);
        assertThat(passed.where())
                .startsWith("systemd:https ")
                .endsWith(":" + socket.localAddress().getPort());
        assertThat(passed.isUnix()).isFalse();
        assertThat(passed.deferAccept(true)).isTrue();
        passed.close();
        assertThat(socket.isTcpNoDelay()).isTrue();
        assertThat(socket.isKeepAlive()).isFalse();
        assertThat(socket.getIntOpt(TCP, TCP_DEFER_ACCEPT)).isEqualTo(1);

        PassedSocket again = PassedSocket.adopt(socket.intValue(), ADDRESS);
        assertThat(again.deferAccept(false)).isFalse();
        assertThat(socket.getIntOpt(TCP, TCP_DEFER_ACCEPT)).isZero();
    }
}
