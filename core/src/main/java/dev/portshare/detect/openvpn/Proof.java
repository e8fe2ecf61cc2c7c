package dev.portshare.detect.openvpn;

import org.jspecify.annotations.Nullable;

/**
 * What a client's first packet proves: that it was made by who holds a key. Not that it was made now, or sent by its maker: a
 * recorded packet proves the same.
 *
 * @param key       which one
 * @param tagHigh   the first 8 bytes of the packet's authentication code, big-endian; with {@code tagLow} they are the packet's
 *                  own, and nobody without the key can choose them
 * @param tagLow    the next 8 bytes
 * @param time      when the client began, by its own clock: seconds since 1970, unsigned 32 bits; -1 where the packet does not
 *                  tell
 * @param clientKey the client's own key; null but with tls-crypt-v2
 */
public record Proof(
        OpenVpnKey key,
        long tagHigh,
        long tagLow,
        long time,
        @Nullable ClientKey clientKey) {}
