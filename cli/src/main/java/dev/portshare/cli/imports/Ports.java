package dev.portshare.cli.imports;

import dev.portshare.route.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Port numbers, also by the names that services(5) has: route files have numbers alone. */
final class Ports {
    /** Enough where there is no such file, as in a container. */
    private static final Map<String, Integer> COMMON = Map.of(
            "ssh",
            22,
            "smtp",
            25,
            "http",
            80,
            "imap2",
            143,
            "https",
            443,
            "imaps",
            993,
            "openvpn",
            1194,
            "xmpp-client",
            5222);

    private static final Path SERVICES = Path.of("/etc/services");

    private Ports() {}

    /** The number of {@code port}, which may be a service's name. */
    static int number(Word port) throws ImportException {
        if (port.text().matches("[0-9]+")) {
            return port.read(HostPort::port);
        }
        Integer known = COMMON.get(port.text());
        if (known != null) {
            return known;
        }
        // Not UTF-8 everywhere; what matters is ASCII.
        try (Stream<String> lines = Files.lines(SERVICES, StandardCharsets.ISO_8859_1)) {
            String number = lines.map(
                            line -> line.replaceFirst("#.*", "").strip().split("\\s+", -1))
                    .filter(fields -> fields.length >= 2 && fields[0].equals(port.text()) && fields[1].endsWith("/tcp"))
                    .map(fields -> fields[1].replace("/tcp", ""))
                    .findFirst()
                    .orElse("");
            if (!number.isEmpty()) {
                return port.with(number).read(HostPort::port);
            }
        } catch (IOException _) {
            // No such file: then the name is unknown.
        }
        throw new ImportException(port, "no number is known for port \"" + port.text() + "\"; write the number");
    }
}
