package dev.portshare.cli.doctor;

import java.util.List;
import java.util.Optional;

/** Whether portshare may connect from its clients' addresses. */
final class TransparencyRight {
    private static final int NET_ADMIN = 12;
    private static final int NET_RAW = 13;
    private static final String UNIT = "portshare.service";

    private TransparencyRight() {}

    /** Looks at the portshare that runs, or else at the unit that would start one, or else at this process. */
    static List<Diagnosis> of(Machine machine) {
        Proc proc = machine.proc();
        Optional<Proc.Program> running = proc.portshare();
        if (running.isPresent()) {
            return proc.hasCapability(running.get().pid(), NET_RAW)
                            || proc.hasCapability(running.get().pid(), NET_ADMIN)
                    ? List.of()
                    : List.of(diagnosis(running.get() + " may not connect from its clients' addresses"));
        }
        Optional<String> unit = machine.output(
                        "systemctl", "show", UNIT, "--property=LoadState,User,AmbientCapabilities")
                .filter(properties -> properties.contains("LoadState=loaded"));
        if (unit.isPresent()) {
            return unit.get().matches("(?s).*\\bUser=(root)?\n.*|.*\\bcap_net_(raw|admin)\\b.*")
                    ? List.of()
                    : List.of(diagnosis(UNIT + " gives portshare no right to connect from its clients' addresses"));
        }
        return proc.hasCapability(NET_RAW) || proc.hasCapability(NET_ADMIN)
                ? List.of()
                : List.of(diagnosis("this user may not connect from clients' addresses"));
    }

    private static Diagnosis diagnosis(String finding) {
        return new Diagnosis(
                "transparent",
                finding,
                "source: transparent takes CAP_NET_RAW or CAP_NET_ADMIN; without, portshare does not start, and"
                        + " refuses to reload",
                "under systemd, a drop-in (transparent.conf, which comes with portshare):\n"
                    + "mkdir -p /etc/systemd/system/portshare.service.d\n"
                    + "printf '[Service]\\n"
                    + "AmbientCapabilities=CAP_NET_RAW\\n"
                    + "CapabilityBoundingSet=CAP_NET_RAW\\n"
                    + "' > /etc/systemd/system/portshare.service.d/transparent.conf\n"
                    + "systemctl daemon-reload\n"
                    + "systemctl restart portshare\n"
                    + "what root starts with --user keeps it, if a route is transparent when it starts: restart it");
    }
}
