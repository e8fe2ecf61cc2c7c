package dev.portshare.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class OpenVpnStandInTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new OpenVpnStandIn());

    @Test
    void acknowledgesAPlainClientReset() {
        channel.writeInbound(packet("38 0102030405060708 00 00000000"));

        ByteBuf answer = channel.readOutbound();
        String hex = ByteBufUtil.hexDump(answer);
        answer.release();
        assertThat(hex).matches("001a40[0-9a-f]{16}01000000000102030405060708" + "00000000");
        assertThat(hex.substring(6, 22)).as("a session id is never zero").isNotEqualTo("0".repeat(16));
    }

    @Test
    void answersNothingElse() {
        channel.writeInbound(packet("20 0102030405060708 00 00000001 16030100"));
        channel.writeInbound(packet("38 0102030405060708"));
        channel.writeInbound(packet("50 0102030405060708 00 00000000"));
        channel.writeInbound(packet(""));

        assertThat(channel.outboundMessages()).isEmpty();
        assertThat(channel.isOpen()).isTrue();
    }

    private static ByteBuf packet(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }
}
