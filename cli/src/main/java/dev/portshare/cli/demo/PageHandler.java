package dev.portshare.cli.demo;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;

/**
 * Answers the first request of one connection to {@code site}: a page at {@code /}, nothing else. Then it ends its direction,
 * and waits for the client to end its own: closing at once could reset the connection.
 */
final class PageHandler extends SimpleChannelInboundHandler<HttpObject> {
    private static final String HTML = "text/html";
    private static final String TEXT = "text/plain";

    private final Site site;
    private final Commands commands;
    private boolean isAnswered;

    PageHandler(Site site, Commands commands) {
        this.site = site;
        this.commands = commands;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        // A body, and further requests, are read and forgotten.
        if (part instanceof HttpRequest request && !isAnswered) {
            isAnswered = true;
            SslHandler tls = context.pipeline().get(SslHandler.class);
            var _ = context.writeAndFlush(answer(request, tls));
            var _ = tls.closeOutbound().addListener(_ -> endOutput(context));
        }
    }

    private static void endOutput(ChannelHandlerContext context) {
        var _ = ((DuplexChannel) context.channel()).shutdownOutput();
    }

    private HttpResponse answer(HttpRequest request, SslHandler tls) {
        if (request.decoderResult().isFailure()) {
            return response(HttpResponseStatus.BAD_REQUEST, TEXT, "not HTTP\n");
        }
        if (!isForPage(request)) {
            return response(HttpResponseStatus.NOT_FOUND, TEXT, "there is only " + commands.url() + "\n");
        }
        Page page = Page.of(site, request, tls.engine(), commands);
        // Browsers ask for HTML; curl takes anything, and its user sits before a terminal.
        boolean wantsHtml = request.headers().get(HttpHeaderNames.ACCEPT, "").contains(HTML);
        return wantsHtml
                ? response(HttpResponseStatus.OK, HTML, page.html())
                : response(HttpResponseStatus.OK, TEXT, page.text());
    }

    private static boolean isForPage(HttpRequest request) {
        return (request.uri().equals("/") || request.uri().startsWith("/?"))
                && (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD));
    }

    private static HttpResponse response(HttpResponseStatus status, String type, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        HttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(content));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type + "; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, content.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set(
                        HttpHeaderNames.CONTENT_SECURITY_POLICY,
                        "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
        return response;
    }

    /** A time-out, a reset, a handshake that failed: the client's doing. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close();
    }
}
