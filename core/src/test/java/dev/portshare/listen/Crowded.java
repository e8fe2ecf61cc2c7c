package dev.portshare.listen;

import dev.portshare.connection.Ticking;
import java.util.Map;
import java.util.TreeMap;

/** Who counts still. */
public final class Crowded {
    private Crowded() {}

    /** What is taken of {@code places}, {@link Places}, by name; empty: nothing. */
    public static Map<String, Object> left(Object places) throws ReflectiveOperationException {
        Crowd crowd = (Crowd) Ticking.field(places, "crowd");
        Map<String, Object> left = new TreeMap<>();
        left.put("all", crowd.all.taken());
        left.put("common", crowd.common.taken());
        left.put("heads", crowd.heads.taken());
        left.put("clients", ((Map<?, ?>) Ticking.field(crowd.clients, "counts")).size());
        for (String kind : new String[] {"listeners", "routes", "reserved"}) {
            ((Map<?, ?>) Ticking.field(crowd, kind))
                    .forEach((name, count) -> left.put(kind + " " + name, ((Count) count).taken()));
        }
        left.values().removeIf(count -> count.equals(0));
        return left;
    }
}
