package dev.portshare.detect.http;

import dev.portshare.detect.ByteReader;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detector;
import java.nio.ByteBuffer;

/**
 * Recognises an HTTP/1 client by the head of its request, and tells the host that it asks for. MATCH comes with the request
 * line where that names the host, and otherwise with the end of the head: until then a second {@code Host} could make it
 * invalid. What follows is not looked at.
 */
public final class HttpDetector implements Detector {
    @Override
    public Detection detect(ByteBuffer head) {
        try {
            return Detection.Match.http(new RequestHead(head).host());
        } catch (ByteReader.Stop stop) {
            return stop.verdict();
        }
    }
}
