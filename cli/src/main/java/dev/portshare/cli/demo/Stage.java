package dev.portshare.cli.demo;

import dev.portshare.Portshare;
import dev.portshare.config.ConfigurationException;
import dev.portshare.config.RouteFile;
import dev.portshare.listen.ListenException;
import dev.portshare.session.ConnectionObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Everything that the demo runs, on loopback addresses only. It writes no file. */
public final class Stage implements AutoCloseable {
    /** Somebody else can take a free port before portshare listens on it. */
    private static final int ATTEMPTS = 10;

    static {
        // Netty would look for a MAC address, and warn where there is none, only to give its channels names.
        System.setProperty("io.netty.machineId", "02:00:00:00:00:00");
    }

    private final EventLoopGroup servers;
    private final Portshare portshare;
    private final Script script;

    private Stage(EventLoopGroup servers, Portshare portshare, Script script) {
        this.servers = servers;
        this.portshare = portshare;
        this.script = script;
    }

    /**
     * Starts it all.
     *
     * @param port     where portshare listens; 0: on a free port
     * @param observer is told of each connection's end
     * @throws ListenException          where {@code port} cannot be listened on; then nothing is left behind
     * @throws IOException              where what stands behind portshare cannot start
     * @throws GeneralSecurityException where this Java cannot make a certificate
     */
    public static Stage open(int port, ConnectionObserver observer, Clock clock)
            throws ListenException, IOException, GeneralSecurityException {
        SelfSigned identity = SelfSigned.create(List.of("localhost", "*.demo.test", "127.0.0.1", "::1"), clock);
        for (int attempt = 1; ; attempt++) {
            try {
                return start(port == 0 ? freePort() : port, observer, identity);
            } catch (ListenException e) {
                if (port != 0 || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static Stage start(int port, ConnectionObserver observer, SelfSigned identity)
            throws ListenException, IOException {
        EventLoopGroup servers =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("demo", true), EpollIoHandler.newFactory());
        try {
            Commands commands = Commands.at(port);
            WebServer web = new WebServer(servers, identity, commands);
            int vpnPort = OpenVpnStandIn.start(servers);
            Script script = new Script(commands, hasIpv6(), vpnPort, web.serve(Site.BLOG), web.serve(Site.WEB));
            Portshare portshare =
                    Portshare.start(RouteFile.parse("demo", script.routeFile(), Path.of("")), 1, observer);
            return new Stage(servers, portshare, script);
        } catch (ListenException | IOException e) {
            end(servers);
            throw e;
        } catch (ConfigurationException e) {
            throw new AssertionError("the demo's own route file", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            return socket.getLocalPort();
        }
    }

    private static boolean hasIpv6() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static void end(EventLoopGroup servers) {
        servers.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** What runs where, and what to try. */
    public String introduction() {
        return script.introduction();
    }

    /** Ends at once, with every connection; returns when nothing of this runs any more. */
    @Override
    public void close() {
        portshare.close();
        end(servers);
    }
}
