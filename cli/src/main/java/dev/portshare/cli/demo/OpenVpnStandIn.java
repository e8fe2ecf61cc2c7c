package dev.portshare.cli.demo;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Answers the first packet of an OpenVPN client without tls-auth or tls-crypt as a server would, so that the client goes on
 * to its TLS handshake; that is never answered.
 */
final class OpenVpnStandIn extends SimpleChannelInboundHandler<ByteBuf> {
    /** P_CONTROL_HARD_RESET_CLIENT_V2 and P_CONTROL_HARD_RESET_SERVER_V2 with key-id 0. */
    private static final int CLIENT_RESET = 7 << 3;

    private static final int SERVER_RESET = 8 << 3;

    /** Opcode, session id, no acknowledgement, message id. */
    private static final int CLIENT_RESET_LENGTH = 1 + 8 + 1 + 4;

    /** Opcode, session id, one acknowledgement and whose session it is of, message id. */
    private static final int SERVER_RESET_LENGTH = 1 + 8 + 1 + 4 + 8 + 4;

    private static final int LONGEST_PACKET = 4096;
    /** As long as a real server waits for a handshake to complete, {@code --hand-window}. */
    private static final int TIMEOUT_SECONDS = 60;

    OpenVpnStandIn() {}

    /** Listens on a free port of 127.0.0.1, which it returns. */
    static int start(EventLoopGroup loops) {
        return LoopbackServer.start(
                loops,
                pipeline -> pipeline.addLast(
                        new ReadTimeoutHandler(TIMEOUT_SECONDS),
                        // Each packet follows its length in two bytes.
                        new LengthFieldBasedFrameDecoder(LONGEST_PACKET, 0, 2, 0, 2),
                        new OpenVpnStandIn()));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf packet) {
        if (packet.readableBytes() == CLIENT_RESET_LENGTH && packet.getByte(0) == CLIENT_RESET) {
            var _ = context.writeAndFlush(serverReset(context.alloc().buffer(), packet.getLong(1), packet.getInt(10)));
        }
    }

    private static ByteBuf serverReset(ByteBuf answer, long clientSession, int clientMessage) {
        long session = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        return answer.writeShort(SERVER_RESET_LENGTH)
                .writeByte(SERVER_RESET)
                .writeLong(session)
                .writeByte(1)
                .writeInt(clientMessage)
                .writeLong(clientSession)
                .writeInt(0);
    }

    /** A time-out, a reset, a packet that is too long: whatever it is, the client has had its answer. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close();
    }
}
