package dev.portshare.cli.doctor;

import dev.portshare.route.Backend;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The machine that this process runs on. */
final class ThisMachine implements Machine {
    private static final long COMMAND_SECONDS = 20;

    @Override
    public Proc proc() {
        return new Proc(Path.of("/proc"));
    }

    @Override
    public boolean canBind(InetSocketAddress address) {
        boolean isIpv6 = address.getAddress() instanceof java.net.Inet6Address;
        // A socket of a client's, since binding one does not have it listen. Both families meet on an IPv6 one, as on
        // ours.
        try (SocketChannel socket =
                SocketChannel.open(isIpv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET)) {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(address);
            return true;
        } catch (UnsupportedOperationException _) {
            return true; // No IPv6 at all: another check tells of that.
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public boolean hasAddress(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        try {
            return ip.isAnyLocalAddress() || ip.isLoopbackAddress() || NetworkInterface.getByInetAddress(ip) != null;
        } catch (IOException _) {
            return true; // Not to be told.
        }
    }

    @Override
    public Answer connect(Backend backend, Duration patience) {
        return switch (backend) {
            case Backend.Unix unix -> connect(unix.path());
            case Backend.Tcp tcp -> connect(tcp, patience);
            // Which servers there are only a running portshare asks DNS for.
            case Backend.Srv _ -> Answer.ACCEPTS;
        };
    }

    private static Answer connect(String path) {
        if (path.startsWith("@")) {
            return Answer.ACCEPTS; // Java has no abstract names; nothing is claimed of them.
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return Answer.ACCEPTS;
        } catch (ConnectException _) {
            return Answer.REFUSES;
        } catch (IOException _) {
            return Answer.UNREACHABLE;
        }
    }

    private static Answer connect(Backend.Tcp tcp, Duration patience) {
        try {
            Answer answer = Answer.UNKNOWN;
            InetAddress literal = tcp.literal();
            InetAddress[] addresses =
                    literal == null ? InetAddress.getAllByName(tcp.host()) : new InetAddress[] {literal};
            for (InetAddress address : addresses) {
                answer = connect(new InetSocketAddress(address, tcp.port()), patience);
                if (answer == Answer.ACCEPTS) {
                    break;
                }
            }
            return answer;
        } catch (UnknownHostException _) {
            return Answer.UNKNOWN;
        }
    }

    private static Answer connect(InetSocketAddress address, Duration patience) {
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) patience.toMillis());
            return Answer.ACCEPTS;
        } catch (SocketTimeoutException _) {
            return Answer.IS_SILENT;
        } catch (java.net.NoRouteToHostException _) {
            return Answer.UNREACHABLE;
        } catch (ConnectException _) {
            return Answer.REFUSES;
        } catch (IOException _) {
            return Answer.UNREACHABLE;
        }
    }

    @Override
    public Reply ask(Backend.Tcp backend, byte[] bytes) {
        return Question.ask(backend, bytes);
    }

    @Override
    public Optional<String> output(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                return process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0
                        ? Optional.of(output)
                        : Optional.empty();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException _) {
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
