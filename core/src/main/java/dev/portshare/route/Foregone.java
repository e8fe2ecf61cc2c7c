package dev.portshare.route;

import dev.portshare.detect.Detectors;
import dev.portshare.detect.Possibility;
import dev.portshare.session.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells whether a connection that is not decided yet has but one way to go. */
final class Foregone {
    private final RouteTable table;
    /** The places of the routes that a client of a protocol may come to, up to the first that takes everybody. */
    private final Map<String, List<Integer>> named = new HashMap<>();
    /** The same for every protocol that no route names. */
    private final List<Integer> unnamed = new ArrayList<>();

    /** Whether a route has gates. */
    private boolean hasGates;

    Foregone(RouteTable table) {
        this.table = table;
        for (Route route : table.routes()) {
            hasGates |= !route.when().gates().isEmpty();
        }
        for (int place = 0; place < table.routes().size(); place++) {
            Condition when = table.routes().get(place).when();
            for (String protocol : when.protocols()) {
                named.putIfAbsent(protocol, new ArrayList<>(unnamed));
            }
            if (when.protocols().isEmpty()) {
                unnamed.add(place);
            }
            for (Map.Entry<String, List<Integer>> places : named.entrySet()) {
                if (when.protocols().isEmpty() || when.protocols().contains(places.getKey())) {
                    places.getValue().add(place);
                }
            }
            if (when.asksNothing()) {
                break;
            }
        }
    }

    /**
     * The outcome of every one of {@code possibilities}; null where they have more than one, and where its backend is to be told what
     * a TLS client asks for, or that may be the name of a gate, while there may still be one.
     */
    @Nullable
    Outcome of(List<Possibility> possibilities, @Nullable Endpoint client, String listener, List<String> open) {
        int nowhere = table.routes().size();
        int only = -1;
        for (Possibility possibility : possibilities) {
            Facts facts = new Facts(possibility.match(), client, listener, open);
            int last = nowhere;
            if (possibility.isOpen()) {
                for (int place : named.getOrDefault(facts.protocol(), unnamed)) {
                    Outlook outlook = table.routes().get(place).when().outlook(facts);
                    if (outlook == Outlook.HOLDS) {
                        last = place;
                        break;
                    }
                    if (outlook == Outlook.OPEN) {
                        if (only >= 0 && only != place) {
                            return null;
                        }
                        only = place;
                    }
                }
            } else {
                last = table.place(facts);
            }
            if (only >= 0 && only != last) {
                return null;
            }
            only = last;
        }
        Route route = only == nowhere ? null : table.routes().get(only);
        return (hasGates || (route != null && route.tellsOfTls())) && mayBeTls(possibilities)
                ? null
                : new Outcome(route);
    }

    /** Whether there may come a server name. */
    private static boolean mayBeTls(List<Possibility> possibilities) {
        for (Possibility possibility : possibilities) {
            if (possibility.match().protocol().equals(Detectors.TLS)) {
                return true;
            }
        }
        return false;
    }
}
