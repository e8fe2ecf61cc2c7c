package dev.portshare.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int room = 100;
    private boolean isBusy;

    private final StandardOutput output = new StandardOutput(new WritableByteChannel() {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            isBusy = !isBusy;
            if (isBusy) {
                return 0; // A non-blocking pipe that is full at the moment.
            }
            if (room == 0) {
                throw new IOException("no space");
            }
            int count = Math.min(room, bytes.remaining());
            written.write(bytes.array(), bytes.position(), count);
            bytes.position(bytes.position() + count);
            room -= count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    });

    private void write(String lines) throws IOException {
        output.write(ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aLineThatWasCutOffIsEndedBeforeTheNext() throws IOException {
        write("one\n");
        room = 3;
        assertThatIOException().isThrownBy(() -> write("two, of which a part is lost\n"));
        room = 100;
        write("three\n");
        assertThat(written).hasToString("one\ntwo\nthree\n");
    }

    @Test
    void aLineOfWhichNothingWasWrittenLeavesNoTrace() throws IOException {
        room = 0;
        assertThatIOException().isThrownBy(() -> write("one\n"));
        room = 100;
        write("two\n");
        assertThat(written).hasToString("two\n");
    }
}
