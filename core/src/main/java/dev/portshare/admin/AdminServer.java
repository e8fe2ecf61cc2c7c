package dev.portshare.admin;

import dev.portshare.route.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The admin interface: HTTP on the control socket, on an address, or on both, by a thread of its own that shares nothing with
 * the event loops. How many ask at once, and how long each may take, is bounded.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LogManager.getLogger(AdminServer.class);
    /** How many connections the control socket may have, and the address. More are closed at once. */
    private static final int MOST_CONNECTIONS = 32;

    private static final int LONGEST_EXCHANGE_SECONDS = 60;
    private static final int LONGEST_LINE = 4096;
    private static final int LONGEST_HEADER = 16 * 1024;
    private static final int LONGEST_CHUNK = 4096;

    private final MultiThreadIoEventLoopGroup thread;
    private final Endpoints endpoints;
    private final List<String> addresses = new ArrayList<>();
    private @Nullable Path file;

    private AdminServer(Instance instance, InstantSource clock) {
        thread = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("admin", true), EpollIoHandler.newFactory());
        Recorder recorder = new Recorder(thread.next(), instance.telemetry());
        endpoints = new Endpoints(instance, recorder, clock);
        recorder.start();
    }

    /**
     * Listens as {@code options} say.
     *
     * @throws IOException where that cannot be, with a message for the operator
     */
    public static AdminServer start(AdminOptions options, Instance instance, InstantSource clock) throws IOException {
        AdminServer server = new AdminServer(instance, clock);
        try {
            if (options.socket() != null) {
                server.listen(options.socket(), options);
            }
            if (options.http() != null) {
                server.listen(options.http());
            }
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    private void listen(Path path, AdminOptions options) throws IOException {
        try {
            int descriptor = ControlSocket.open(path, options.mode());
            file = path;
            bootstrap(() -> new EpollServerDomainSocketChannel(descriptor, true), null)
                    .register()
                    .syncUninterruptibly();
            addresses.add("unix:" + path);
        } catch (IOException e) {
            throw new IOException("admin.socket: cannot listen on " + path + ": " + e.getMessage(), e);
        }
    }

    private void listen(HostPort address) throws IOException {
        InetAddress ip = InetAddress.getByName(address.host());
        try {
            Channel channel = bootstrap(EpollServerSocketChannel::new, address)
                    .bind(new InetSocketAddress(ip, address.port()))
                    .sync()
                    .channel();
            InetSocketAddress local = (InetSocketAddress) channel.localAddress();
            addresses.add("http://" + HostPort.notation(address.host(), local.getPort()) + "/");
        } catch (InterruptedException e) {
            throw new IOException("admin.http: interrupted", e);
        } catch (Exception e) {
            throw new IOException(
                    "admin.http: cannot listen on " + address + ": " + e.getMessage()
                            + ". \"ss -ltnp\" names who does; choose another address.",
                    e);
        }
    }

    private ServerBootstrap bootstrap(Supplier<ServerChannel> channel, @Nullable HostPort address) {
        AtomicInteger open = new AtomicInteger();
        return new ServerBootstrap()
                .group(thread)
                .channelFactory(channel::get)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        furnish(channel, open, address);
                    }
                });
    }

    private void furnish(Channel channel, AtomicInteger open, @Nullable HostPort address) {
        if (open.get() >= MOST_CONNECTIONS) {
            LOG.debug("admin interface: {} connections already", MOST_CONNECTIONS);
            var _ = channel.close();
            return;
        }
        open.incrementAndGet();
        var deadline = channel.eventLoop().schedule(() -> end(channel), LONGEST_EXCHANGE_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(_ -> {
            open.decrementAndGet();
            deadline.cancel(false);
        });
        channel.pipeline()
                .addLast(
                        new HttpServerCodec(LONGEST_LINE, LONGEST_HEADER, LONGEST_CHUNK),
                        new ChunkedWriteHandler(),
                        new RequestHandler(endpoints, address));
    }

    private static void end(Channel channel) {
        var _ = channel.close();
    }

    /** Where it listens, with the port that the kernel chose where 0 was asked for. */
    public List<String> addresses() {
        return addresses;
    }

    /** Answers no more. */
    @Override
    public void close() {
        thread.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        try {
            ControlSocket.remove(file);
        } catch (IOException e) {
            // After --user the folder is still root's. The next start replaces what stays.
            LOG.debug("{} stays: {}", file, e);
        }
    }
}
