package dev.portshare.backend;

import dev.portshare.backend.check.Probe;
import dev.portshare.connection.Connection;
import dev.portshare.route.Backend;
import dev.portshare.route.Health;
import dev.portshare.route.Member;
import dev.portshare.route.Route;
import dev.portshare.route.Target;
import dev.portshare.session.BackendState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The backends of one route that has several, or is told of their health. All event loops share it. */
final class Group {
    private final Target.Forward to;
    private final Health health;
    private final Function<Backend, Standing> standings;
    private final @Nullable Probe probe;
    private final String question;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile Choices choices;
    /** Of which services {@link #choices} are. */
    private volatile List<Service> services = List.of();

    /**
     * Those of {@code to}, where {@code route} leads.
     *
     * @param standings what is known of each backend
     */
    Group(Route route, Target.Forward to, Health health, Function<Backend, Standing> standings) {
        this.to = to;
        this.health = health;
        this.standings = standings;
        // The key, and the PROXY header before it, are the route's.
        this.question = health.check() == null ? "" : route.proxyProtocol() + " " + route.when();
        this.probe = health.check() == null ? null : Probe.of(health.check(), route);
        List<Choice> all = new ArrayList<>();
        if (srv() == null) {
            for (Member member : to.members()) {
                all.add(choice(member.backend(), member.weight(), member.backup() ? 1 : 0));
            }
        }
        this.choices = new Choices(all);
    }

    private Backend.@Nullable Srv srv() {
        return to.members().getFirst().backend() instanceof Backend.Srv srv ? srv : null;
    }

    private Choice choice(Backend backend, int weight, int tier) {
        Standing standing = standings.apply(backend);
        return new Choice(standing, standing.verdict(health, question), weight, tier);
    }

    /** Whether its backends are checked. */
    boolean isChecked() {
        return probe != null;
    }

    /** What they are asked; only of one that {@link #isChecked}. */
    Probe probe() {
        return Objects.requireNonNull(probe);
    }

    /** How they are asked; as well. */
    Health.Check check() {
        return Objects.requireNonNull(health.check());
    }

    /** Among which backends it chooses, as far as that is known. */
    List<Choice> known() {
        return choices.all();
    }

    /** What is still to be known, before a connection can choose; null: nothing. */
    @Nullable
    CompletableFuture<List<Service>> pending(Resolver resolver) {
        Backend.Srv srv = srv();
        if (srv == null) {
            return null;
        }
        CompletableFuture<List<Service>> answer = resolver.services(srv.name());
        if (answer.isDone() && !answer.isCompletedExceptionally()) {
            take(answer.getNow(List.of()));
            return null;
        }
        return answer;
    }

    /** DNS says that these are the servers. */
    void take(List<Service> answer) {
        if (answer == services) {
            return;
        }
        int most = answer.stream().mapToInt(Service::weight).max().orElse(1);
        List<Integer> tiers =
                answer.stream().map(Service::priority).distinct().sorted().toList();
        List<Choice> all = new ArrayList<>();
        answer.stream()
                .sorted(Comparator.comparing(Service::host).thenComparingInt(Service::port))
                .forEach(service -> all.add(choice(
                        new Backend.Tcp(service.host(), service.port()),
                        weight(service.weight(), most),
                        tiers.indexOf(service.priority()))));
        choices = new Choices(all);
        services = answer;
    }

    /** As {@link Member} has it: 0 means next to nothing (RFC 2782). */
    private static int weight(int weight, int most) {
        return most <= Member.MOST ? Math.max(1, weight) : Math.max(1, weight * Member.MOST / most);
    }

    /** The backends that {@code connection} tries one after the other. */
    List<Choice> order(Connection connection) {
        return choices.order(to.balance(), turn.getAndIncrement(), connection.peer(), connection.now());
    }

    /** Counts a connection that another process made to one of them. */
    void adopt(Connection connection) {
        String backend = connection.state().backend();
        for (Choice choice : known()) {
            if (choice.backend().toString().equals(backend)) {
                choice.standing().serve(connection);
            }
        }
    }

    /** Whether it leads to {@code standing}, and to nothing else that may get new connections. */
    boolean dependsOn(Standing standing) {
        boolean isHere = false;
        for (Choice choice : known()) {
            if (choice.standing() != standing && !choice.standing().isDrained()) {
                return false;
            }
            isHere |= choice.standing() == standing;
        }
        return isHere;
    }

    /** How its backends are. */
    List<BackendState> states() {
        List<BackendState> states = new ArrayList<>();
        for (Choice choice : known()) {
            Verdict verdict = choice.verdict();
            states.add(new BackendState(
                    choice.backend().toString(),
                    !verdict.isDown(),
                    choice.standing().isDrained(),
                    verdict.isDown() ? verdict.why() : null,
                    choice.standing().live(),
                    choice.weight(),
                    choice.tier() > 0));
        }
        return states;
    }
}
