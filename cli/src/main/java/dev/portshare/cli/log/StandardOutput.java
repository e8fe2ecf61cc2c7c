package dev.portshare.cli.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Standard output: a pipe, a socket of the journal's, a terminal or a file of whoever started the program. */
final class StandardOutput implements Output {
    private final WritableByteChannel channel;
    /** Whether the last line written is not whole. */
    private boolean torn;

    StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out).getChannel());
    }

    StandardOutput(WritableByteChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        if (torn) {
            Output.writeAll(channel, ByteBuffer.wrap(new byte[] {'\n'}));
            torn = false;
        }
        int start = lines.position();
        try {
            Output.writeAll(channel, lines);
        } catch (IOException e) {
            torn = lines.position() > start;
            throw e;
        }
    }

    /** There is no other standard output. */
    @Override
    public void follow() {}

    /** It is not this program's to close. */
    @Override
    public void close() {}
}
