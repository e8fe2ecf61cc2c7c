package dev.portshare;

import dev.portshare.LifeModel.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Orders of events that can meet one connection. */
final class LifeOrders {
    private final boolean early;
    private final LifeModel.Backend backend;
    private final List<LifeOrder> orders = new ArrayList<>();

    private LifeOrders(boolean early, LifeModel.Backend backend) {
        this.early = early;
        this.backend = backend;
    }

    /** All of {@code length} events, and the shorter ones that end it; the last two also at once. */
    static List<LifeOrder> all(boolean early, LifeModel.Backend backend, int length) {
        LifeOrders all = new LifeOrders(early, backend);
        all.extend(LifeOrder.start(early, backend), List.of(), length);
        return all.orders;
    }

    /**
     * So many of {@code length} events, by chance, the same for the same {@code seed}; the last two at once. None before these
     * ends the connection.
     */
    static List<LifeOrder> some(boolean early, LifeModel.Backend backend, int length, int count, long seed) {
        LifeOrders some = new LifeOrders(early, backend);
        Random random = new Random(seed);
        while (some.orders.size() < count) {
            some.walk(length, random);
        }
        return some.orders;
    }

    private void extend(LifeModel model, List<LifeEvent> path, int length) {
        if (path.size() == length || model.stage == Stage.ENDED) {
            orders.add(new LifeOrder(early, backend, path, List.of()));
            return;
        }
        for (LifeEvent event : LifeEvent.values()) {
            // What changes nothing for this connection needs somebody to meet it afterwards.
            boolean counts = path.size() < length - 1 || event != LifeEvent.RELOAD && event != LifeEvent.DRAIN;
            if (counts && model.allows(event)) {
                extend(model.after(event), with(path, event), length);
            }
        }
        if (path.size() <= length - 2) {
            pairs(model).forEach(pair -> orders.add(new LifeOrder(early, backend, path, pair)));
        }
    }

    private void walk(int length, Random random) {
        LifeModel model = LifeOrder.start(early, backend);
        List<LifeEvent> path = new ArrayList<>();
        while (path.size() < length - 2) {
            List<LifeEvent> next = new ArrayList<>();
            for (LifeEvent event : LifeEvent.values()) {
                if (model.allows(event) && model.after(event).stage != Stage.ENDED) {
                    next.add(event);
                }
            }
            if (next.isEmpty()) {
                break;
            }
            LifeEvent event = next.get(random.nextInt(next.size()));
            model = model.after(event);
            path.add(event);
        }
        List<List<LifeEvent>> pairs = pairs(model);
        orders.add(new LifeOrder(early, backend, path, pairs.get(random.nextInt(pairs.size()))));
    }

    private static List<List<LifeEvent>> pairs(LifeModel model) {
        List<List<LifeEvent>> pairs = new ArrayList<>();
        for (LifeEvent one : LifeEvent.values()) {
            for (LifeEvent two : LifeEvent.values()) {
                if (!LifePair.ends(model, one, two).isEmpty()) {
                    pairs.add(List.of(one, two));
                }
            }
        }
        return pairs;
    }

    private static List<LifeEvent> with(List<LifeEvent> path, LifeEvent event) {
        List<LifeEvent> longer = new ArrayList<>(path);
        longer.add(event);
        return longer;
    }
}
