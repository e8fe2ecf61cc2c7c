package dev.portshare.admin;

import dev.portshare.route.HostPort;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedStream;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Answers the first request of one connection, then ends its direction, and waits for the client to end its own. What the
 * client is slow to take is not copied before it can be sent.
 */
final class RequestHandler extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LogManager.getLogger(RequestHandler.class);
    private static final int CHUNK = 16 * 1024;

    private final Endpoints endpoints;
    private final @Nullable HostPort address;
    private boolean isAnswered;

    /**
     * Answers with what {@code endpoints} say.
     *
     * @param address where it listens; null: on the control socket, over which the program can be told to do something
     */
    RequestHandler(Endpoints endpoints, @Nullable HostPort address) {
        this.endpoints = endpoints;
        this.address = address;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        // A body, and further requests, are read and forgotten.
        if (part instanceof HttpRequest request && !isAnswered) {
            isAnswered = true;
            boolean hasBody = !request.method().equals(HttpMethod.HEAD);
            var _ = answer(request)
                    .exceptionally(RequestHandler::failed)
                    .thenAcceptAsync(
                            answer -> write(context, answer, hasBody),
                            context.channel().eventLoop());
        }
    }

    private CompletableFuture<Answer> answer(HttpRequest request) {
        Answer refusal = refusal(request);
        if (refusal != null) {
            return CompletableFuture.completedFuture(refusal);
        }
        try {
            return endpoints.answer(request.method(), request.uri());
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(
                    Answer.text(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage())));
        }
    }

    private @Nullable Answer refusal(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return Answer.text(HttpResponseStatus.BAD_REQUEST, "not HTTP");
        }
        if (address == null) {
            return null;
        }
        String host = request.headers().get(HttpHeaderNames.HOST, "");
        if (!isOurs(host, address)) {
            // A page of a stranger whose name was made to lead here (DNS rebinding) must not read this in a browser.
            return Answer.text(
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "this is not that host; ask by the IP address, or have the name stand in admin.http");
        }
        return Endpoints.isSafe(request.method())
                ? null
                : Answer.text(HttpResponseStatus.FORBIDDEN, "only over the control socket, admin.socket");
    }

    /** An IP address, which no DNS can fake, or the name that the configuration has, or localhost; with any port. */
    private static boolean isOurs(String host, HostPort address) {
        String name = host.startsWith("[") ? host.replaceFirst("].*", "").substring(1) : host.replaceFirst(":.*", "");
        return HostPort.literal(name) != null
                || name.equalsIgnoreCase("localhost")
                || name.equalsIgnoreCase(address.host());
    }

    private static Answer failed(Throwable bug) {
        LOG.error("admin interface", bug);
        return Answer.text(HttpResponseStatus.INTERNAL_SERVER_ERROR, "a bug in portshare; the log has it");
    }

    private static void write(ChannelHandlerContext context, Answer answer, boolean hasBody) {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, answer.status());
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.type())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("x-content-type-options", "nosniff")
                .set("referrer-policy", "no-referrer")
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, StatusPage.POLICY);
        var _ = context.write(response);
        if (hasBody) {
            var _ = context.write(new ChunkedStream(new ByteArrayInputStream(body), CHUNK));
        }
        var _ = context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(_ -> {
            var _ = ((DuplexChannel) context.channel()).shutdownOutput();
        });
    }

    /** A reset, a client that went: its own doing. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close();
    }
}
