package dev.portshare.cli;

import dev.portshare.cli.imports.ImportException;
import dev.portshare.cli.imports.Peer;
import dev.portshare.config.ConfigurationException;
import dev.portshare.config.Problem;
import dev.portshare.config.RouteFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portshare import FILE}: a route file out of another program's configuration. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Turn the configuration of another program into a route file, on standard output: sslh (sslh.cfg, or"
                    + " /etc/default/sslh), sniproxy (sniproxy.conf), OpenVPN (a server's, with port-share) or xinetd"
                    + " (services with redirect).",
            "What has no equal is told in comments: read them before you use the file."
        },
        footer = {"", "Example: portshare import /etc/sslh.cfg > portshare.yaml"})
final class Import implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "the configuration to import")
    private Path file = Path.of("");

    @Option(
            names = "--from",
            paramLabel = "PROGRAM",
            description = "whose it is: sslh, sniproxy, openvpn or xinetd (default: told by what stands in it)")
    private @Nullable Peer peer;

    /** Where {@code file} is found again, whoever looks for it; null: nowhere, such as standard input. */
    private static @Nullable Path lasting(Path file) {
        Path path = file.toAbsolutePath().normalize();
        boolean isStream = path.startsWith("/dev") || path.startsWith("/proc");
        boolean isNameable = path.toString().chars().noneMatch(Character::isISOControl);
        return !isStream && isNameable && Files.isRegularFile(path) ? path : null;
    }

    @Override
    public Integer call() {
        try {
            String text = RouteFile.text(file);
            Peer from = peer == null ? Peer.of(text) : peer;
            String yaml = from.routeFile(file.toString(), text, lasting(file));
            // What would be refused when it is used is better refused here.
            RouteFile.parse("the imported routes", yaml, Path.of(""));
            System.out.print(yaml);
            return ExitCode.OK;
        } catch (ImportException e) {
            Problem problem = new Problem(file.toString(), e.line(), e.column(), "", String.valueOf(e.getMessage()));
            return Check.print(List.of(problem));
        } catch (ConfigurationException e) {
            return Check.print(e);
        }
    }
}
