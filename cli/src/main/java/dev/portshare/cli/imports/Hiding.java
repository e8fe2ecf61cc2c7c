package dev.portshare.cli.imports;

import dev.portshare.config.ConfigurationException;
import dev.portshare.config.OpenVpnServer;
import dev.portshare.config.Sources;
import dev.portshare.detect.Detectors;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Has only those find an OpenVPN server who hold its key, where it has one; where it has none, says how it gets one. */
record Hiding(Draft draft, Draft.Route route) {
    private static final Set<String> KEYS = Set.of("tls-auth", "tls-crypt", "tls-crypt-v2", "secret");
    /** Where a key may stand besides. */
    private static final Set<String> ELSEWHERE = Set.of("config", "setenv");

    /**
     * Adds what the route asks for.
     *
     * @param options that the server's configuration has
     * @param file    where that lies; null: nowhere
     */
    void by(Set<String> options, @Nullable Path file) {
        boolean hasKey = options.stream().anyMatch(KEYS::contains);
        String reason = "what was read has no path";
        if (file != null && (hasKey || options.stream().anyMatch(ELSEWHERE::contains))) {
            Sources sources = new Sources();
            try {
                OpenVpnServer.keys(file, sources);
                prove(file, sources);
                return;
            } catch (ConfigurationException e) {
                reason = e.problems().getFirst().toString();
            }
        }
        route.when("protocol", List.of(Detectors.OPENVPN));
        if (hasKey) {
            String path = file == null ? "/etc/openvpn/server/server.conf" : file.toString();
            route.note(
                    "Anybody finds this server by sending what its clients send first, until portshare knows its key."
                            + " Write the configuration's path into the route, as in when: {openvpn-key: {config: "
                            + path
                            + "}}, and below the routes timeouts: {silent: 0s}. That was not done, for this reason: "
                            + reason);
        } else {
            route.note("Anybody finds this server by sending what its clients send first: it has no key. Make one, by"
                    + " openvpn --genkey secret ta.key; write tls-crypt ta.key into its configuration and its clients',"
                    + " and import it again. Or let in only the networks that clients come from, by from:.");
        }
    }

    private void prove(Path file, Sources sources) {
        String files = sources.paths().stream().map(Path::toString).collect(Collectors.joining(", "));
        route.proving(file.toString())
                .note("Only who holds the key out of that configuration finds OpenVPN; for all others there is a web"
                        + " server alone. The user that portshare runs as must be able to read " + files
                        + ", at each start and reload; with the package: chgrp portshare and chmod 0640.");
        draft.hint("Each first packet of an OpenVPN client is let in once, since OpenVPN would answer a recorded one."
                + " The packaged unit remembers them in /var/lib/portshare; where portshare is started otherwise, write"
                + " state-dir: with a folder of its own, or it forgets them when it ends.");
        draft.hint("silent: a client that says nothing is the web server's from the start, which ends it as it ends all"
                + " others; if it came there later, that would show.");
        draft.timeout("silent", "0s");
    }
}
