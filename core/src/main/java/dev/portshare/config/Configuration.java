package dev.portshare.config;

import dev.portshare.admin.AdminOptions;
import dev.portshare.listen.ListenAddress;
import dev.portshare.listen.TrustedProxies;
import dev.portshare.route.Route;
import dev.portshare.session.Timeouts;
import dev.portshare.telemetry.LogOptions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a route file says.
 *
 * @param listen  at least one, none twice
 * @param proxies of those listeners that have any, under their notations
 * @param routes at least one, in the order in which they are asked, no name twice
 * @param admin  where the program can be asked and told things; null: nowhere
 * @param handsOn whether a restart hands live connections on to the process that follows, rather than letting them end
 * @param watch  whether it is read anew when one of its files changes
 */
public record Configuration(
        List<ListenAddress> listen,
        Map<String, TrustedProxies> proxies,
        List<Route> routes,
        Timeouts timeouts,
        LogOptions log,
        @Nullable AdminOptions admin,
        boolean handsOn,
        boolean watch) {
    public Configuration {
        listen = List.copyOf(listen);
        proxies = Map.copyOf(proxies);
        routes = List.copyOf(routes);
    }
}
