package dev.portshare.connection;

import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The deadlines that wait on one event loop: looked at, and made to run out when a test wants it. */
public final class Ticking {
    private final Set<Deadlines> lists = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Those of {@code listeners}, a {@code Listeners}, as they are now: a later change of the clocks' lengths makes others. */
    public Ticking(Object listeners) throws ReflectiveOperationException {
        Collection<?> clocks = ((Map<?, ?>) field(listeners, "clocks")).values();
        for (Object each : clocks) {
            collect((Record) each);
        }
    }

    /** What {@code owner} keeps in a private field. */
    public static Object field(Object owner, String name) throws ReflectiveOperationException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    private void collect(Record clocks) throws ReflectiveOperationException {
        for (RecordComponent component : clocks.getClass().getRecordComponents()) {
            component.getAccessor().setAccessible(true);
            Object value = component.getAccessor().invoke(clocks);
            if (value instanceof Deadlines deadlines) {
                lists.add(deadlines);
            } else if (value instanceof Record inner) {
                collect(inner);
            }
        }
    }

    /** The kinds of those that wait; on the event loop. */
    public List<String> kinds() {
        List<String> kinds = new ArrayList<>();
        for (Deadlines list : lists) {
            for (Deadline each = list.next(Deadline.class); each != null; each = each.next) {
                kinds.add(each.getClass().getSimpleName());
            }
        }
        return kinds;
    }

    /** The time of a {@code kind} is up, as {@link Deadlines} would have it; whether one waited. On the event loop. */
    public boolean expire(String kind) {
        for (Deadlines list : lists) {
            for (Deadline each = list.next(Deadline.class); each != null; each = each.next) {
                if (each.getClass().getSimpleName().equals(kind)) {
                    list.remove(each);
                    each.expired();
                    return true;
                }
            }
        }
        return false;
    }
}
