package dev.portshare.backend;

import dev.portshare.route.Backend;
import dev.portshare.route.Health;
import dev.portshare.route.Journal;
import dev.portshare.route.Mapping;
import dev.portshare.route.Route;
import dev.portshare.route.Source;
import dev.portshare.route.Target;
import dev.portshare.session.MappedAddresses;
import dev.portshare.session.Timeouts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What outlives one configuration of that which ways to backends have in common: the pool of mapped addresses, journals' directories,
 * and how each of several backends stands.
 */
public final class Shared implements AutoCloseable {
    private static final int MOST_STANDINGS = 10_000;

    private final List<? extends Executor> loops;
    private @Nullable MappedPool pool;
    private @Nullable Checks checks;
    /** What the ways that are being made are to find. */
    private Mapping asked = Mapping.DEFAULT;

    private final Map<Path, JournalDirectory> journals = new HashMap<>();
    private final ConcurrentHashMap<Backend, Standing> standings = new ConcurrentHashMap<>();

    /** For the ways of connections on {@code loops}, which are asked what their threads may do; so never call {@link #open} on one. */
    public Shared(List<? extends Executor> loops) {
        this.loops = loops;
    }

    /** Whether {@code routes} need one. Asked on every start. */
    public static boolean isNeeded(List<Route> routes) {
        for (Route route : routes) {
            if (route.source() != null
                    || route.journal() != null
                    || route.to() instanceof Target.Forward forward && forward.health() != null) {
                return true;
            }
        }
        return false;
    }

    /**
     * Makes the ways of {@code routes}; on one thread at a time.
     *
     * @throws IOException saying what to do, where the machine does not permit one; then all is as it was
     */
    public synchronized Ways open(List<Route> routes, Timeouts timeouts, Mapping mapping) throws IOException {
        asked = mapping;
        Ways ways = new Ways(routes, timeouts, this);
        check(ways);
        return ways;
    }

    private static void check(Ways ways) throws IOException {
        Set<String> problems = new LinkedHashSet<>();
        for (Way way : ways.all()) {
            if (way.origin() != null) {
                way.origin().check(problems::add);
            }
            if (way.journal() != null) {
                way.journal().directory().check(problems::add);
            }
        }
        if (!problems.isEmpty()) {
            throw new IOException(String.join("\nportshare: ", problems));
        }
    }

    /** New connections go by {@code ways}: their backends are checked. */
    public synchronized void inForce(Ways ways, Resolver resolver) {
        List<Group> groups = ways.groups();
        if (checks == null && groups.stream().anyMatch(Group::isChecked)) {
            checks = new Checks(resolver);
        }
        if (checks != null) {
            checks.inForce(groups);
        }
    }

    /**
     * Has a backend get no new connections, or get them again.
     *
     * @param ways in force
     * @return what has been done, a sentence for the operator
     * @throws IOException where that cannot be done; with a message for the operator
     */
    public synchronized String drain(Ways ways, String backend, boolean undo) throws IOException {
        Standing standing = standing(ways, backend);
        if (undo) {
            standing.drain(false);
            return backend + " gets new connections again";
        }
        for (Way way : ways.all()) {
            if (way.group() != null && way.group().dependsOn(standing)) {
                throw new IOException(
                        "a route to " + way + " has no other backend that gets connections: its clients would be"
                                + " turned away; give it another first");
            }
        }
        standing.drain(true);
        int live = standing.live();
        return backend + " gets no new connections; "
                + switch (live) {
                    case 0 -> "no live connection is left";
                    case 1 -> "1 live one goes on";
                    default -> live + " live ones go on";
                };
    }

    private static Standing standing(Ways ways, String backend) throws IOException {
        Set<String> known = new TreeSet<>();
        for (Group group : ways.groups()) {
            for (Choice choice : group.known()) {
                if (choice.backend().toString().equals(backend)) {
                    return choice.standing();
                }
                known.add(choice.backend().toString());
            }
        }
        throw new IOException(backend + " is not one of several backends of a route"
                + (known.isEmpty() ? "; no route has several" : "; those are " + String.join(", ", known)));
    }

    /** Checks nothing any more. */
    @Override
    public synchronized void close() {
        if (checks != null) {
            checks.close();
        }
    }

    /** The pool of mapped addresses; null where no route has ever had one. */
    public synchronized @Nullable MappedAddresses pool() {
        return pool;
    }

    @Nullable
    Origin origin(Route route) {
        return switch (route.source()) {
            case null -> null;
            case Source.Transparent _ -> new TransparentOrigin(loops);
            case Source.Mapped _ -> mapped();
            case Source.Own own -> new OwnOrigin(route.name(), own.addresses());
        };
    }

    /** One pool for all routes, and from one configuration to the next. */
    private MappedOrigin mapped() {
        MappedPool made = pool == null ? new MappedPool(asked) : pool;
        pool = made;
        return new MappedOrigin(made, asked);
    }

    @Nullable
    Group group(Route route, Target.Forward to) {
        Health health = to.health();
        return health == null ? null : new Group(route, to, health, this::standing);
    }

    private Standing standing(Backend backend) {
        if (standings.size() >= MOST_STANDINGS) {
            // DNS may name others and others for a service, for years.
            standings.values().removeIf(standing -> standing.live() == 0 && !standing.isDrained());
        }
        return standings.computeIfAbsent(backend, Standing::new);
    }

    @Nullable
    BackendJournal journal(Route route) {
        Journal journal = route.journal();
        return journal == null
                ? null
                : new BackendJournal(
                        journals.computeIfAbsent(journal.directory(), JournalDirectory::new), journal.format());
    }
}
