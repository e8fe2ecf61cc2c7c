package dev.portshare.config;

import dev.portshare.admin.AdminOptions;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import dev.portshare.detect.openvpn.OpenVpnDetector;
import dev.portshare.detect.openvpn.OpenVpnKey;
import dev.portshare.detect.openvpn.ProvenOpenVpnDetector;
import dev.portshare.listen.Access;
import dev.portshare.listen.Gate;
import dev.portshare.listen.Limits;
import dev.portshare.listen.ListenAddress;
import dev.portshare.listen.TrustedProxies;
import dev.portshare.route.Mapping;
import dev.portshare.route.Proofs;
import dev.portshare.route.Route;
import dev.portshare.session.Timeouts;
import dev.portshare.telemetry.LogOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a route file says.
 *
 * @param listen  at least one, none twice
 * @param access  of those listeners that are not open to everybody alike, under their notations
 * @param gates  which open routes, none twice; those routes have their names
 * @param limits how many connections there may be; null: any number
 * @param detectors of its own, in their order, no name twice and none of {@link Detectors}
 * @param routes at least one, in the order in which they are asked, no name twice
 * @param openVpnClock how far the time in an OpenVPN client's first packet may be from now; null: as far as it likes
 * @param mapping which addresses stand for clients, where a route's source is {@code mapped}; null: {@link Mapping#DEFAULT}
 * @param admin  where the program can be asked and told things; null: nowhere
 * @param handsOn whether a restart hands live connections on to the process that follows, rather than letting them end
 * @param stateDirectory where lies what outlives the process; null: where the service manager says, if it does
 * @param watch  whether it is read anew when one of its files changes
 * @param findings what is no error, and was seen while it was read
 */
public record Configuration(
        List<ListenAddress> listen,
        Map<String, Access> access,
        List<Gate> gates,
        @Nullable Limits limits,
        List<NamedDetector> detectors,
        List<Route> routes,
        Timeouts timeouts,
        @Nullable Duration openVpnClock,
        @Nullable Mapping mapping,
        LogOptions log,
        @Nullable AdminOptions admin,
        boolean handsOn,
        @Nullable Path stateDirectory,
        boolean watch,
        List<Finding> findings) {
    public Configuration {
        listen = List.copyOf(listen);
        access = Map.copyOf(access);
        gates = List.copyOf(gates);
        detectors = List.copyOf(detectors);
        routes = List.copyOf(routes);
        findings = List.copyOf(findings);
    }

    /** The routes, and those inside of TLS behind them. */
    public List<Route> allRoutes() {
        return Route.all(routes);
    }

    /** Whose connections to {@code listener} begin with a PROXY header; null: nobody's. */
    public @Nullable TrustedProxies proxies(String listener) {
        Access own = access.get(listener);
        return own == null ? null : own.proxies();
    }

    /**
     * Whether first packets of OpenVPN clients are proved with keys, so that those that were proved have to be remembered.
     * Asked on every start.
     */
    public boolean hasKeys() {
        return !Proofs.keys(allRoutes()).isEmpty();
    }

    /**
     * All detectors in the order in which they are asked: the file's own, and then the built-in ones. With keys, OpenVPN is what
     * they prove; what looks like it and is not proven is last, and told apart for the log alone, unless a route takes it.
     */
    public List<NamedDetector> allDetectors() {
        List<OpenVpnKey> keys = Proofs.keys(allRoutes());
        if (detectors.isEmpty() && keys.isEmpty()) {
            return Detectors.BUILTIN;
        }
        boolean hidden = Proofs.areRequired(allRoutes());
        List<NamedDetector> all = new ArrayList<>(detectors);
        for (NamedDetector row : Detectors.BUILTIN) {
            if (row.name().equals(Detectors.OPENVPN) && !keys.isEmpty()) {
                all.add(new NamedDetector(row.name(), new ProvenOpenVpnDetector(keys), row.backend()));
                if (hidden) {
                    continue;
                }
            }
            all.add(row);
        }
        if (hidden) {
            all.add(new NamedDetector(Detectors.OPENVPN, OpenVpnDetector.like(keys), "OpenVPN"));
        }
        return all;
    }
}
