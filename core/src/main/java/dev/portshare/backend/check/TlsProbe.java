package dev.portshare.backend.check;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** That a TLS handshake comes to its end. Whose certificate it is, and whether it is valid, is for clients to judge. */
final class TlsProbe extends Probe {
    /** Java's is slow to come, and is needed by nobody else. */
    private static final class Client {
        static final SSLContext CONTEXT = context();

        private static SSLContext context() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new Anybody()}, null);
                return context;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has TLS", e);
            }
        }
    }

    /** As it is written: Java's own class refuses an underscore, which is in use. */
    private static final class Name extends SNIServerName {
        Name(String name) {
            super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Nothing is told to who answers, and nothing that it says is believed. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private final @Nullable String name;

    /** Which asks for the server {@code name}; null: for none. */
    TlsProbe(byte[] preface, @Nullable String name) {
        super(preface);
        this.name = name;
    }

    @Override
    void ask(Line line) throws IOException {
        SSLEngine engine = Client.CONTEXT.createSSLEngine();
        engine.setUseClientMode(true);
        if (name != null) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new Name(name)));
            engine.setSSLParameters(parameters);
        }
        try {
            shakeHands(engine, line);
        } catch (SSLException e) {
            throw new IOException("no TLS: " + e.getMessage(), e);
        }
    }

    private static void shakeHands(SSLEngine engine, Line line) throws IOException {
        int size = engine.getSession().getPacketBufferSize();
        ByteBuffer out = ByteBuffer.allocate(size);
        ByteBuffer in = ByteBuffer.allocate(size).flip();
        ByteBuffer text = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        engine.beginHandshake();
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            switch (status) {
                case NEED_WRAP -> {
                    var _ = engine.wrap(ByteBuffer.allocate(0), out.clear());
                    line.write(out.flip());
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap(engine, in, text, line);
                case NEED_TASK -> {
                    Runnable task = engine.getDelegatedTask();
                    if (task != null) {
                        task.run();
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    engine.closeOutbound();
                    var _ = engine.wrap(ByteBuffer.allocate(0), out.clear());
                    line.write(out.flip());
                    return;
                }
            }
        }
    }

    private static void unwrap(SSLEngine engine, ByteBuffer in, ByteBuffer text, Line line) throws IOException {
        switch (engine.unwrap(in, text.clear()).getStatus()) {
            case BUFFER_UNDERFLOW -> {
                line.read(in.compact());
                in.flip();
            }
            case CLOSED -> throw new SSLException("it ended the handshake");
            case BUFFER_OVERFLOW -> throw new SSLException("a record that is too long");
            case OK -> {}
        }
    }
}
