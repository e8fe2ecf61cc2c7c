package dev.portshare.cli.demo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** A server of the demo, behind portshare. */
final class LoopbackServer {
    private LoopbackServer() {}

    /** Listens on a free port of 127.0.0.1, which it returns; {@code connection} furnishes each connection's pipeline. */
    static int start(EventLoopGroup loops, Consumer<ChannelPipeline> connection) {
        Channel channel = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connection.accept(channel.pipeline());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }
}
