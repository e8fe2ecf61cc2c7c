package dev.portshare.route;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What becomes of a connection that a route takes. */
public sealed interface Target {
    /**
     * Reads {@code reject} or a backend.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    static Target parse(String text) {
        return text.equals(Reject.WORD) ? new Reject() : new Forward(Backend.parse(text));
    }

    /** The notation, which {@link #parse} reads. */
    @Override
    String toString();

    /** Where it may lead to, in the order in which they are written; none where it is rejected. */
    List<Backend> backends();

    /** Those of them that are a TCP port. */
    default List<Backend.Tcp> tcpBackends() {
        return backends().stream()
                .filter(Backend.Tcp.class::isInstance)
                .map(Backend.Tcp.class::cast)
                .toList();
    }

    /** The routes that decide on what is inside of its TLS; none where nobody looks inside. */
    default List<Route> inner() {
        return List.of();
    }

    /**
     * It is spliced to one of these backends.
     *
     * @param members at least one, none twice
     * @param balance which of them
     * @param health  how it is told which of them can be had; null: there is only one, and it is tried whatever happened before
     */
    record Forward(
            List<Member> members, Balance balance, @Nullable Health health) implements Target {
        public Forward {
            members = List.copyOf(members);
        }

        /** To {@code backend}, whatever happened before. */
        public Forward(Backend backend) {
            this(List.of(new Member(backend)), Balance.ROUND_ROBIN, null);
        }

        @Override
        public List<Backend> backends() {
            List<Backend> backends = new ArrayList<>(members.size());
            for (Member member : members) {
                backends.add(member.backend());
            }
            return backends;
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(members.getFirst().backend().toString());
            for (Member member : members.subList(1, members.size())) {
                text.append(',').append(member.backend());
            }
            return text.toString();
        }
    }

    /** Its TLS is ended, and what is inside is decided on like a connection of its own. */
    record Inside(InnerRoutes routes) implements Target {
        @Override
        public List<Backend> backends() {
            List<Backend> backends = new ArrayList<>();
            for (Route route : inner()) {
                backends.addAll(route.to().backends());
            }
            return backends;
        }

        @Override
        public List<Route> inner() {
            return routes.routes();
        }

        @Override
        public String toString() {
            return inner().stream().map(Route::name).collect(Collectors.joining(", ", "then ", ""));
        }
    }

    /** It is closed at once. */
    record Reject() implements Target {
        private static final String WORD = "reject";

        @Override
        public List<Backend> backends() {
            return List.of();
        }

        @Override
        public String toString() {
            return WORD;
        }
    }
}
