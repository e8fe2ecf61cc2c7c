package dev.portshare.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FileDescriptorsTest {
    private static final int O_CLOEXEC = 02000000;
    private static final int O_NONBLOCK = 04000;
    private static final int F_SETFD = 2;
    private static final int F_SETFL = 4;

    @Test
    void whatWaitsAndIsInheritedDoesSoNoLonger() throws Exception {
        Epoll.ensureAvailability();
        Socket socket = Socket.newSocketDomain();
        int fd = socket.intValue();
        try {
            LibC.variadic("fcntl", 2, fd, F_SETFL, 0);
            LibC.variadic("fcntl", 2, fd, F_SETFD, 0);
            assertThat(flags(fd) & (O_CLOEXEC | O_NONBLOCK)).isZero();
            FileDescriptors.adopt(fd);
            assertThat(flags(fd) & (O_CLOEXEC | O_NONBLOCK)).isEqualTo(O_CLOEXEC | O_NONBLOCK);
        } finally {
            socket.close();
        }
    }

    private static int flags(int fd) throws Exception {
        return FileDescriptors.flags(Files.readString(Path.of("/proc/self/fdinfo/" + fd)));
    }
}
