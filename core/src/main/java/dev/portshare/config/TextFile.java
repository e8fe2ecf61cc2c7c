package dev.portshare.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a file that a human wrote. */
final class TextFile {
    /** In bytes; a million addresses fit. */
    static final int MAX_SIZE = 16 << 20;

    private TextFile() {}

    /**
     * The text of {@code path}.
     *
     * @throws IOException whose message is all that there is to say to the user
     */
    static String read(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_SIZE + 1);
            if (bytes.length > MAX_SIZE) {
                throw new IOException("more than " + (MAX_SIZE >> 20) + " MiB");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException e) {
            throw new IOException("no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "permission denied; let user " + System.getProperty("user.name")
                            + " read it, and enter the folders that it lies in",
                    e);
        } catch (CharacterCodingException e) {
            throw new NotTextException(e);
        }
    }

    /** It is no text, or in another encoding. */
    static final class NotTextException extends IOException {
        private static final long serialVersionUID = 1;

        private NotTextException(CharacterCodingException cause) {
            super("not UTF-8; save it in that encoding", cause);
        }
    }
}
