package dev.portshare.detect;

import java.nio.ByteBuffer;

/** Recognises an HTTP/2 client with prior knowledge by its preface (RFC 9113, 3.4). MATCH comes with its last byte. */
public final class Http2Detector implements Detector {
    private static final Detection MATCH = Detection.Match.of(Detectors.HTTP2);
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    @Override
    public Detection detect(ByteBuffer head) {
        try {
            new ByteReader(head).pass(PREFACE);
            return MATCH;
        } catch (ByteReader.Stop stop) {
            return stop.verdict();
        }
    }
}
