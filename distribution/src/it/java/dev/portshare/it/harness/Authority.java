package dev.portshare.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An authority made by openssl, whose certificate is {@code ca.pem}, and what it signs, {@code NAME.pem} and {@code NAME.key}. */
public final class Authority {
    private final Path folder;

    /** Keeps everything in {@code folder}, which is somebody else's to remove. */
    public Authority(Path folder) {
        this.folder = folder;
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=authority"
                + " -out %1$s/ca.pem -keyout %1$s/ca.key");
    }

    /** Its own certificate. */
    public Path file() {
        return folder.resolve("ca.pem");
    }

    /** Signs a certificate for {@code commonName}, good for servers and clients. */
    public void sign(String commonName, String subjectAltName) throws IOException {
        String at = "%1$s/" + commonName;
        Files.writeString(folder.resolve(commonName + ".ext"), "subjectAltName=" + subjectAltName + "\n");
        openssl("req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=" + commonName + " -out "
                + at + ".csr -keyout " + at + ".key");
        openssl("x509 -req -days 30 -CA %1$s/ca.pem -CAkey %1$s/ca.key -CAcreateserial -in " + at + ".csr -extfile "
                + at + ".ext -out " + at + ".pem");
    }

    private void openssl(String words) {
        Command.of(("openssl " + words).formatted(folder).split(" ")).run().ok();
    }
}
