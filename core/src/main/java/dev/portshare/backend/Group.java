package dev.portshare.backend;

import dev.portshare.connection.Connection;
import dev.portshare.route.Backend;
import dev.portshare.route.Health;
import dev.portshare.route.Member;
import dev.portshare.route.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The backends of one route that has several, or is told of their health. All event loops share it. */
final class Group {
    private final Target.Forward to;
    private final Health health;
    private final Function<Backend, Standing> standings;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile Choices choices;
    /** Of which services {@link #choices} are. */
    private volatile List<Service> services = List.of();

    /**
     * Those of {@code to}.
     *
     * @param standings what is known of each backend
     */
    Group(Target.Forward to, Health health, Function<Backend, Standing> standings) {
        this.to = to;
        this.health = health;
        this.standings = standings;
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
        return new Choice(standing, standing.verdict(health), weight, tier);
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
}
