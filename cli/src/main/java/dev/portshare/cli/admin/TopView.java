package dev.portshare.cli.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code portshare top} shows, and what it is about to do: changed by keys. */
final class TopView {
    /** How connections can be ordered, in the words of {@code /api/connections}, by the digits from 1. */
    static final List<String> ORDERS = List.of("rate", "bytes", "age", "new", "client", "sni", "route", "backend");

    private boolean showsRoutes;
    private int order;
    private boolean paused;
    private boolean typing;
    private String filter = "";
    private int offset;
    /** The id of the connection that the cursor is on; -1: on the first. */
    private long selected = -1;

    private long asksToKill = -1;
    private String message = "";

    boolean showsRoutes() {
        return showsRoutes;
    }

    String order() {
        return ORDERS.get(order);
    }

    boolean isPaused() {
        return paused;
    }

    boolean isTyping() {
        return typing;
    }

    String filter() {
        return filter;
    }

    int offset() {
        return offset;
    }

    /** The connection that shall be ended if the next key says so; -1: none. */
    long asksToKill() {
        return asksToKill;
    }

    String message() {
        return message;
    }

    void say(String message) {
        this.message = message;
    }

    /** The place of the cursor among {@code connections}. */
    int cursor(List<Report> connections) {
        for (int i = 0; i < connections.size(); i++) {
            if (connections.get(i).number("id") == selected) {
                return i;
            }
        }
        return 0;
    }

    /** What a key asks for besides another view. */
    enum Action {
        NOTHING,
        QUIT,
        KILL
    }

    /**
     * Obeys {@code key}.
     *
     * @param connections those on the screen
     * @param rows        how many there is room for
     * @param matching    how many there are
     */
    Action press(Key key, List<Report> connections, int rows, long matching) {
        message = "";
        if (key.equals(Key.END)) {
            return Action.QUIT;
        }
        if (asksToKill >= 0) {
            boolean confirmed = key.character() == 'y' || key.character() == 'Y';
            if (!confirmed && !key.equals(Key.RESIZED)) {
                asksToKill = -1;
                message = "left alone";
            }
            return confirmed ? Action.KILL : Action.NOTHING;
        }
        if (typing) {
            type(key);
            return Action.NOTHING;
        }
        if (key.name().isEmpty()) {
            return letter(key.character(), connections);
        }
        if (key.equals(Key.TAB)) {
            showsRoutes = !showsRoutes;
        } else if (key.equals(Key.RIGHT) || key.equals(Key.LEFT)) {
            order(order + (key.equals(Key.RIGHT) ? 1 : ORDERS.size() - 1));
        } else {
            move(key, connections, rows, matching);
        }
        return Action.NOTHING;
    }

    void killed() {
        asksToKill = -1;
    }

    private Action letter(char letter, List<Report> connections) {
        switch (letter) {
            case 'q' -> {
                return Action.QUIT;
            }
            case 'c' -> showsRoutes = false;
            case 'r' -> showsRoutes = true;
            case ' ' -> paused = !paused;
            case '/' -> typing = !showsRoutes;
            case 'j' -> step(1, connections);
            case 'k' -> step(-1, connections);
            case 'x' -> {
                if (!showsRoutes && !connections.isEmpty()) {
                    asksToKill = connections.get(cursor(connections)).number("id");
                }
            }
            default -> {
                if (letter >= '1' && letter < '1' + ORDERS.size()) {
                    order(letter - '1');
                }
            }
        }
        return Action.NOTHING;
    }

    private void order(int order) {
        this.order = order % ORDERS.size();
        home();
    }

    private void home() {
        offset = 0;
        selected = -1;
    }

    private void type(Key key) {
        if (key.equals(Key.ENTER) || key.equals(Key.ESCAPE)) {
            typing = false;
            filter = key.equals(Key.ESCAPE) ? "" : filter;
        } else if (key.equals(Key.BACKSPACE)) {
            filter = filter.isEmpty() ? "" : filter.substring(0, filter.length() - 1);
        } else if (key.name().isEmpty()) {
            filter += key.character();
        }
        home();
    }

    private void move(Key key, List<Report> connections, int rows, long matching) {
        int last = (int) Math.max(0, Math.min(matching, 10_000) - rows);
        switch (key.name()) {
            case "up" -> step(-1, connections);
            case "down" -> step(1, connections);
            case "page up" -> offset = Math.max(0, offset - rows);
            case "page down" -> offset = Math.min(last, offset + rows);
            case "home" -> home();
            case "end key" -> offset = last;
            default -> {}
        }
    }

    private void step(int by, List<Report> connections) {
        int to = cursor(connections) + by;
        if (to < 0) {
            offset = Math.max(0, offset - 1);
        } else if (to >= connections.size()) {
            offset += connections.isEmpty() ? 0 : 1;
        } else {
            selected = connections.get(to).number("id");
        }
    }

    /** The connection that {@link #asksToKill}, if it is still on the screen. */
    @Nullable
    Report doomed(List<Report> connections) {
        return connections.stream()
                .filter(connection -> connection.number("id") == asksToKill)
                .findFirst()
                .orElse(null);
    }
}
