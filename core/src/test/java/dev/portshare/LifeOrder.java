package dev.portshare;

import dev.portshare.session.CloseReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One order of events that meet a connection.
 *
 * @param early   whether its backend is connected to while the client says nothing
 * @param backend what the backend does when it is connected to
 * @param path    what meets it, one after the other
 * @param atOnce  two that meet it then in one turn of its event loop; or none
 */
record LifeOrder(boolean early, LifeModel.Backend backend, List<LifeEvent> path, List<LifeEvent> atOnce) {
    /** What is said of a connection that events begin to meet: where its backend is early nothing, else it has sent a little. */
    static LifeModel start(boolean early, LifeModel.Backend backend) {
        LifeModel start = new LifeModel(early, backend);
        return early ? start : start.after(LifeEvent.PARTIAL);
    }

    /** What becomes of it by {@link #path}. */
    LifeModel model() {
        LifeModel model = start(early, backend);
        for (LifeEvent event : path) {
            model = model.after(event);
        }
        return model;
    }

    /** Why it may end. */
    Set<CloseReason> ends() {
        LifeModel model = model();
        return atOnce.isEmpty() ? Set.of(end(model)) : LifePair.ends(model, atOnce.getFirst(), atOnce.getLast());
    }

    /** Who still lives is ended by an operator. */
    static CloseReason end(LifeModel model) {
        return model.end == null ? CloseReason.KILLED : model.end;
    }

    /** Whether the portshare that it met goes on as it was. */
    boolean leavesProgram() {
        return path.stream().noneMatch(LifeEvent::isOfProgram)
                && atOnce.stream().noneMatch(LifeEvent::isOfProgram);
    }

    /** The order that {@link #toString} wrote. */
    static LifeOrder parse(String text) {
        List<String> words = new ArrayList<>(List.of(text.trim().split("[ ,:]+")));
        boolean early = words.removeFirst().equals("early");
        LifeModel.Backend backend = LifeModel.Backend.valueOf(words.removeFirst());
        List<LifeEvent> path = new ArrayList<>();
        List<LifeEvent> atOnce = new ArrayList<>();
        for (String word : words) {
            int plus = word.indexOf('+');
            if (plus < 0) {
                path.add(LifeEvent.valueOf(word));
            } else {
                atOnce.add(LifeEvent.valueOf(word.substring(0, plus)));
                atOnce.add(LifeEvent.valueOf(word.substring(plus + 1)));
            }
        }
        return new LifeOrder(early, backend, path, atOnce);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(early ? "early " : "late ").append(backend);
        path.forEach(event -> text.append(' ').append(event));
        if (!atOnce.isEmpty()) {
            text.append(' ').append(atOnce.getFirst()).append('+').append(atOnce.getLast());
        }
        return text.toString();
    }
}
