package dev.portshare.detect.openvpn;

import java.security.Key;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Mac;
import javax.crypto.MacSpi;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;

/** HMAC (RFC 2104) over a digest of Bouncy Castle's, as the JDK shows its own. */
final class DigestMac extends MacSpi {
    private final HMac hmac;

    private DigestMac(Digest digest) {
        hmac = new HMac(digest);
    }

    static Mac of(Digest digest) {
        return new Mac(new DigestMac(digest), null, digest.getAlgorithmName()) {};
    }

    @Override
    protected int engineGetMacLength() {
        return hmac.getMacSize();
    }

    @Override
    protected void engineInit(Key key, @Nullable AlgorithmParameterSpec none) {
        hmac.init(new KeyParameter(key.getEncoded()));
    }

    @Override
    protected void engineUpdate(byte input) {
        hmac.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        hmac.update(input, offset, length);
    }

    @Override
    protected byte[] engineDoFinal() {
        byte[] code = new byte[hmac.getMacSize()];
        hmac.doFinal(code, 0);
        return code;
    }

    @Override
    protected void engineReset() {
        hmac.reset();
    }
}
