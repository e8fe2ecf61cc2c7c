package dev.portshare.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What leads packets to clients' addresses to this machine itself, of one family: a rule, which says of what packets, and a route. The
 * kernel is asked where it would send such a packet, so rules that somebody else wrote count as well.
 *
 * @param family what {@code ip} is told: {@code -4} or {@code -6}
 * @param rule   which packets, as {@code ip rule} shows it: {@code from ::1 iif lo}
 * @param packet one of them, as {@code ip route get} wants it
 */
record WayBack(String family, String rule, String packet) {
    /** The number of the table, of the rules and of the mark: any that are free would do. */
    static final String NUMBER = "443";

    /** Addresses that nobody has: RFC 7600 and RFC 6666. */
    private static final String NOBODY_4 = "192.0.0.8";

    private static final String NOBODY_6 = "100::1";

    /** Which lines are there, and which are not. */
    record Lines(List<String> there, List<String> missing) {
        Lines() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(String line, boolean isThere) {
            List<String> lines = isThere ? there : missing;
            if (!lines.contains(line)) {
                lines.add(line);
            }
        }
    }

    /** That of backends on loopback addresses. */
    static WayBack ofLoopback(boolean isIpv4) {
        return isIpv4
                ? new WayBack("-4", "from 127.0.0.0/8 iif lo", NOBODY_4 + " from 127.0.0.1")
                : new WayBack("-6", "from ::1 iif lo", NOBODY_6 + " from ::1");
    }

    /** That of packets that nftables marks with {@code mark}. */
    static WayBack ofMarked(boolean isIpv4, String mark) {
        return isIpv4
                ? new WayBack("-4", "fwmark " + mark, NOBODY_4 + " mark " + mark)
                : new WayBack("-6", "fwmark " + mark, NOBODY_6 + " mark " + mark);
    }

    /** Tells {@code lines} of those that {@code machine} lacks, if it sends the packets elsewhere. */
    void look(Machine machine, Lines lines) {
        if (leadsHere(machine)) {
            return;
        }
        Optional<String> table = ip(machine, "rule").flatMap(this::table);
        String number = table.orElse(NUMBER);
        lines.add("ip " + family + " rule add pref " + NUMBER + " " + rule + " lookup " + number, table.isPresent());
        lines.add(
                "ip " + family + " route replace local default dev lo table " + number,
                ip(machine, "route", "show", "table", number)
                        .filter(routes -> routes.contains("local default dev lo"))
                        .isPresent());
    }

    private boolean leadsHere(Machine machine) {
        return ip(machine, ("route get " + packet).split(" "))
                .filter(route -> route.startsWith("local "))
                .isPresent();
    }

    /** The table that {@link #rule} leads to. Marks are shown in hexadecimal, and with their mask where they have one. */
    private Optional<String> table(String rules) {
        String shown = rule.startsWith("fwmark ")
                ? "fwmark 0x" + Long.toHexString(Long.decode(rule.substring("fwmark ".length()))) + "(?:/0xffffffff)?"
                : Pattern.quote(rule);
        Matcher table = Pattern.compile(shown + " lookup (\\S+)").matcher(rules);
        return table.find() ? Optional.of(table.group(1)) : Optional.empty();
    }

    private Optional<String> ip(Machine machine, String... words) {
        String[] command = new String[2 + words.length];
        command[0] = "ip";
        command[1] = family;
        System.arraycopy(words, 0, command, 2, words.length);
        return machine.output(command);
    }
}
