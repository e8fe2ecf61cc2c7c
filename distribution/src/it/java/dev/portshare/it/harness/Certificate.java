package dev.portshare.it.harness;

import java.nio.file.Path;

/** A self-signed certificate and its key, made by openssl; good for some server names. */
public record Certificate(Path file, Path key) {
    public static Certificate create(Path folder, String commonName, String subjectAltName) {
        Path file = folder.resolve(commonName + ".crt");
        Path key = folder.resolve(commonName + ".key");
        Command.of(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30"
                                + " -subj /CN=%s -addext subjectAltName=%s -out %s -keyout %s")
                        .formatted(commonName, subjectAltName, file, key)
                        .split(" "))
                .run()
                .ok();
        return new Certificate(file, key);
    }
}
