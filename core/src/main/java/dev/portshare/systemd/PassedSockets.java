package dev.portshare.systemd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The listening sockets that the service manager opened for this process (sd_listen_fds(3)): {@code LISTEN_FDS} descriptors
 * from 3 on, each with its name in {@code LISTEN_FDNAMES}. They are meant for the process {@code LISTEN_PID} and for no other.
 */
public final class PassedSockets {
    /** The name under which the process before left its connections; those are no listening sockets. */
    public static final String CONNECTIONS = "portshare-connections";

    private static final int FIRST_DESCRIPTOR = 3;
    /** What sd_listen_fds_with_names(3) calls a socket that came without a name. */
    private static final String NAMELESS = "unknown";

    private final Map<String, List<Integer>> descriptors;
    private final List<Integer> connections;
    private final String reason;

    private PassedSockets(Map<String, List<Integer>> descriptors, String reason) {
        List<Integer> connections = descriptors.remove(CONNECTIONS);
        this.connections = connections == null ? List.of() : connections;
        this.descriptors = descriptors;
        this.reason = reason;
    }

    /** Those of this process; none where it was not started through a socket unit. */
    public static PassedSockets ofThisProcess() {
        Map<String, String> environment = System.getenv();
        return environment.containsKey("LISTEN_FDS")
                ? of(environment, ProcessHandle.current().pid())
                : none("none was passed");
    }

    /** Those that {@code environment} passes to the process {@code pid}. */
    static PassedSockets of(Map<String, String> environment, long pid) {
        String meant = environment.getOrDefault("LISTEN_PID", "");
        if (!meant.equals(Long.toString(pid))) {
            return none("they were passed to process \"" + meant + "\" (LISTEN_PID), and this is " + pid
                    + ": whatever starts portshare must exec it");
        }
        int count;
        try {
            count = Integer.parseInt(environment.getOrDefault("LISTEN_FDS", "0"));
        } catch (NumberFormatException e) {
            return none("LISTEN_FDS is no number: \"" + environment.get("LISTEN_FDS") + "\"");
        }
        String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
        Map<String, List<Integer>> descriptors = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = i < names.length && !names[i].isEmpty() ? names[i] : NAMELESS;
            if (!descriptors.containsKey(name)) {
                descriptors.put(name, new ArrayList<>());
            }
            descriptors.get(name).add(FIRST_DESCRIPTOR + i);
        }
        return new PassedSockets(descriptors, "none was passed");
    }

    private static PassedSockets none(String reason) {
        return new PassedSockets(new LinkedHashMap<>(), reason);
    }

    /** The names, in the order in which they were passed. */
    public Set<String> names() {
        return descriptors.keySet();
    }

    /** The descriptors of this name; several where the unit says {@code ListenStream=} more than once. */
    public List<Integer> named(String name) {
        return descriptors.getOrDefault(name, List.of());
    }

    /** Sockets in which connections of the process before wait. */
    public List<Integer> connections() {
        return connections;
    }

    /** Where there are none, why. */
    public String reason() {
        return reason;
    }
}
