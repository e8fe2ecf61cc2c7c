package dev.portshare.detect.openvpn;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** tls-crypt: what is behind the session id is signed and hidden. Source: OpenVPN, tls_crypt.c. */
public final class TlsCryptKey extends OpenVpnKey {
    public static final String MODE = "tls-crypt";

    /** Where in a static key those keys stand that clients use. */
    static final int CIPHER_AT = 128;

    static final int HMAC_AT = 192;
    /** And those that the server uses. */
    static final int SERVER_CIPHER_AT = 0;

    static final int SERVER_HMAC_AT = 64;

    private final ThreadLocal<Seal> seals;
    private final StaticKey key;

    private TlsCryptKey(byte[] used, StaticKey key) {
        super(MODE, "", used);
        seals = ThreadLocal.withInitial(() -> new Seal(used, 0, Seal.BYTES));
        this.key = key;
    }

    /** A server's. */
    public static TlsCryptKey of(StaticKey key) {
        byte[] used = Arrays.copyOf(key.part(CIPHER_AT, Seal.BYTES), 2 * Seal.BYTES);
        System.arraycopy(key.part(HMAC_AT, Seal.BYTES), 0, used, Seal.BYTES, Seal.BYTES);
        return new TlsCryptKey(used, key);
    }

    @Override
    List<ResetLayout> layouts() {
        return List.of(ResetLayout.TLS_CRYPT);
    }

    @Override
    @Nullable
    Proof prove(byte[] packet) {
        return seals.get().opensReset(packet, packet.length)
                ? proof(packet, Seal.RESET_TAG_AT, Seal.RESET_TIME_AT, null)
                : null;
    }

    @Override
    byte[] firstPacket(byte[] sessionId, int time) {
        return seals.get().reset(FirstPacket.RESET_V2, sessionId, time, 0);
    }

    @Override
    byte @Nullable [] answer(byte[] packet, byte[] first) {
        byte[] used = key.part(SERVER_CIPHER_AT, SERVER_HMAC_AT + Seal.BYTES);
        return new Seal(used, SERVER_CIPHER_AT, SERVER_HMAC_AT).openAnswer(packet);
    }
}
