package dev.portshare;

import dev.portshare.listen.Listeners;
import java.nio.file.Path;
import java.util.List;

/** What came of a reload. Its text is one line for the operator. */
public sealed interface Reload {
    @Override
    String toString();

    /**
     * The file is in force.
     *
     * @param routes    how many there are now
     * @param listeners how many addresses are listened on now
     * @param warnings  what of it is surely not meant, each a line
     */
    record Done(Path file, int routes, int listeners, Listeners.Changes changes, List<String> warnings)
            implements Reload {
        public Done {
            warnings = List.copyOf(warnings);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(
                    "reloaded " + file + ": " + routes + " route(s), " + listeners + " listening address(es)");
            if (!changes.added().isEmpty()) {
                text.append("; added ").append(String.join(", ", changes.added()));
            }
            if (!changes.removed().isEmpty()) {
                text.append("; removed ").append(String.join(", ", changes.removed()));
            }
            return text.toString();
        }
    }

    /**
     * Nothing has changed.
     *
     * @param problems at least one, each a line, which says what to do about it
     */
    record Refused(List<String> problems) implements Reload {
        public Refused {
            problems = List.copyOf(problems);
        }

        @Override
        public String toString() {
            return "reload refused, what was in force stays: " + problems.size() + " problem(s)";
        }
    }
}
