package dev.portshare.listen;

import dev.portshare.connection.Connection;
import dev.portshare.connection.Deadline;
import dev.portshare.detect.Classifier;
import dev.portshare.detect.Detection;
import dev.portshare.splice.Onlooker;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Learns from a head, while it goes to the backend, what a connection is that had but one way to go: for the log. It has as much
 * time as any head, and is a {@link Deadline} for that.
 */
final class LateRecognition extends Deadline implements Onlooker {
    /** In bytes; what every undecided head may have without asking. */
    private static final int LONGEST = 4 * 1024;

    private static final byte[] NOTHING = {};

    private final Connection connection;
    private final Classifier classifier;
    private byte[] head = NOTHING;
    private boolean isOver;

    LateRecognition(Connection connection, Classifier classifier) {
        this.connection = connection;
        this.classifier = classifier;
    }

    @Override
    public boolean see(ByteBuffer bytes) {
        if (isOver || head.length + bytes.remaining() > LONGEST) {
            end();
            return false;
        }
        int length = head.length;
        head = Arrays.copyOf(head, length + bytes.remaining());
        bytes.get(head, length, bytes.remaining());
        Detection detection = classifier.classify(ByteBuffer.wrap(head));
        if (detection instanceof Detection.Match match) {
            // What is inside of TLS that was ended tells neither, and the handshake has told both.
            connection.recognised(
                    match.protocol(),
                    match.serverName() == null ? connection.serverName() : match.serverName(),
                    match.applicationProtocols().isEmpty()
                            ? connection.applicationProtocols()
                            : match.applicationProtocols());
        }
        if (detection != Detection.NEED_MORE) {
            end();
        }
        return !isOver;
    }

    private void end() {
        isOver = true;
        head = NOTHING;
        cancel();
    }

    @Override
    protected void expired() {
        end();
    }
}
