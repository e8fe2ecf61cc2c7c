package dev.portshare.cli.demo;

import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProtocols;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.timeout.ReadTimeoutHandler;
import javax.net.ssl.SSLException;

/** HTTPS on loopback: TLS 1.2 and 1.3 by BoringSSL, HTTP/1.1, one request a connection. */
final class WebServer {
    private static final int LONGEST_LINE = 4096;
    private static final int LONGEST_HEADER = 16 * 1024;
    private static final int LONGEST_CHUNK = 4096;
    private static final int TIMEOUT_SECONDS = 10;

    private final EventLoopGroup loops;
    private final SslContext tls;
    private final Commands commands;

    /**
     * Serves nothing yet.
     *
     * @throws SSLException where BoringSSL refuses
     */
    WebServer(EventLoopGroup loops, SelfSigned identity, Commands commands) throws SSLException {
        this.loops = loops;
        this.commands = commands;
        tls = SslContextBuilder.forServer(identity.key(), identity.certificate())
                .sslProvider(SslProvider.OPENSSL)
                .protocols(SslProtocols.TLS_v1_3, SslProtocols.TLS_v1_2)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_1_1))
                .build();
    }

    /** Serves {@code site} on a free port of 127.0.0.1, which it returns. */
    int serve(Site site) {
        return LoopbackServer.start(
                loops,
                pipeline -> pipeline.addLast(
                        new ReadTimeoutHandler(TIMEOUT_SECONDS),
                        // The answer and the end of TLS in one segment: curl looks for the latter only once.
                        new FlushConsolidationHandler(),
                        tls.newHandler(pipeline.channel().alloc()),
                        new HttpServerCodec(LONGEST_LINE, LONGEST_HEADER, LONGEST_CHUNK),
                        new PageHandler(site, commands)));
    }
}
