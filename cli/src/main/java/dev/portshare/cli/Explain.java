package dev.portshare.cli;

import dev.portshare.config.Configuration;
import dev.portshare.config.ConfigurationException;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import dev.portshare.listen.Access;
import dev.portshare.listen.Gate;
import dev.portshare.listen.ListenAddress;
import dev.portshare.listen.TrustedProxies;
import dev.portshare.route.Explanation;
import dev.portshare.route.Facts;
import dev.portshare.route.HostPort;
import dev.portshare.route.Route;
import dev.portshare.route.RouteTable;
import dev.portshare.session.CloseReason;
import dev.portshare.session.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code portshare explain}: what would become of a connection, and why. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Say which route a connection would take and why, detector by detector.",
            "Its first bytes come from each FILE, from --hex, or from standard input."
        },
        footer = {"", "Example: portshare explain --config portshare.yaml hello.bin"})
final class Explain implements Callable<Integer> {
    private static final String STDIN = "-";

    @Spec
    private CommandSpec spec;

    private final RouteOptions routes = new RouteOptions();
    private List<NamedDetector> detectors = Detectors.BUILTIN;
    private List<Gate> gates = List.of();
    /** The names of those that are open to the client. */
    private List<String> open = List.of();

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "a connection's first bytes; - is standard input")
    private List<String> files = new ArrayList<>();

    @Option(names = "--file", paramLabel = "FILE", description = "the same as FILE; repeatable", order = 50)
    private List<String> moreFiles = new ArrayList<>();

    @Option(names = "--hex", paramLabel = "BYTES", description = "the first bytes, such as \"16 03 01\"", order = 51)
    private @Nullable String hex;

    @Option(names = "--sni", paramLabel = "NAME", description = "no bytes: a TLS client that asks for NAME", order = 52)
    private @Nullable String serverName;

    @Option(
            names = "--from",
            paramLabel = "ADDR",
            description = "who connects: the client, or a proxy in front",
            order = 53)
    private @Nullable String from;

    @Option(
            names = "--listener",
            paramLabel = "ADDR",
            description = "where it connected (default: the first)",
            order = 54)
    private @Nullable String listener;

    @Option(names = "--knocked", description = "every gate is open to the client", order = 55)
    private boolean knocked;

    @Option(names = "--json", description = "one JSON object a line", order = 56)
    private boolean json;

    /** The command with its options. */
    static CommandSpec command() {
        Explain explain = new Explain();
        CommandSpec command = CommandSpec.forAnnotatedObject(explain);
        explain.routes.addTo(command);
        return command;
    }

    @Override
    public Integer call() throws IOException {
        Configuration configuration;
        try {
            configuration = routes.configuration(spec, false);
        } catch (ConfigurationException e) {
            return Check.print(e);
        }
        detectors = configuration.allDetectors();
        gates = configuration.gates();
        if (knocked) {
            open = gates.stream().map(Gate::serverName).toList();
        }
        RouteTable table = new RouteTable(configuration.routes());
        String where = listener(configuration);
        Endpoint client = client();
        Access access = configuration.access().get(where);
        if (serverName != null) {
            if (access != null && isDenied(access, null, client)) {
                printDenied("--sni", where);
            } else {
                Verdict asked = new Verdict(Detection.Match.tls(serverName, List.of(), false), false);
                print("--sni", null, asked, table, client, where);
            }
        }
        TrustedProxies proxies = configuration.proxies(where);
        for (Map.Entry<String, byte[]> head : heads().entrySet()) {
            Proxied proxied = Proxied.of(head.getValue(), proxies, from != null, client);
            if (access != null && isDenied(access, proxied, client)) {
                printDenied(head.getKey(), where);
            } else if (proxied == null) {
                print(head.getKey(), head.getValue(), Verdict.of(head.getValue(), detectors), table, client, where);
            } else {
                print(head.getKey(), head.getValue(), proxied, table, where);
            }
        }
        return ExitCode.OK;
    }

    /** Whether the listener lets nobody in who is there; who that is, is known by {@code --from}, or by a header. */
    private boolean isDenied(Access access, @Nullable Proxied proxied, @Nullable Endpoint client) {
        return proxied == null
                ? from != null && access.denies(client)
                : proxied.length() > 0 && access.denies(proxied.client());
    }

    /** Whether {@code route} turns the client away; where nobody says who that is, it is one whom it does not. */
    private static boolean isDenied(Route route, @Nullable Endpoint client) {
        return client != null && route.denies(client);
    }

    private void printDenied(String name, String where) {
        if (json) {
            System.out.println(FactsText.json(name, null, false, null));
        } else {
            System.out.println(name + ": from a client that " + where + " does not let in");
            line("no route", "the connection is closed: " + CloseReason.DENIED);
        }
    }

    /** Bytes that begin with a PROXY header, or should. */
    private void print(String name, byte[] bytes, Proxied proxied, RouteTable table, String where) {
        if (!json) {
            System.out.println(name + ": from a trusted proxy");
            line("header", Verdict.of(Proxied.ROW, bytes));
        }
        if (proxied.length() > 0) {
            byte[] head = Arrays.copyOfRange(bytes, proxied.length(), bytes.length);
            print(json ? name : "behind it", head, Verdict.of(head, detectors), table, proxied.client(), where);
        } else if (json) {
            System.out.println(FactsText.json(name, null, proxied.waits(), null));
        } else {
            String when = proxied.waits() ? "if nothing more comes, " : "";
            line("no route", when + "the connection is closed: " + CloseReason.PROXY_HEADER);
        }
    }

    private void print(
            String name,
            byte @Nullable [] head,
            Verdict verdict,
            RouteTable table,
            @Nullable Endpoint client,
            String where) {
        Facts facts = new Facts(verdict.match(), client, where, open);
        if (json) {
            Route route = table.decide(facts);
            boolean denied = route != null && isDenied(route, client);
            System.out.println(FactsText.json(name, verdict.match(), verdict.waits(), route, denied));
            return;
        }
        System.out.println(name + (head == null ? "" : ": " + head.length + (head.length == 1 ? " byte" : " bytes")));
        if (head != null) {
            Set<String> asked = new HashSet<>();
            for (NamedDetector row : detectors) {
                // What keys have not proven is looked at again, at the end.
                line(asked.add(row.name()) ? row.name() : row.name() + ", by its shape", Verdict.of(row, head));
            }
        }
        line("facts", FactsText.of(facts) + (verdict.waits() ? " (if nothing more comes)" : ""));
        Route taken = null;
        for (Explanation explanation : table.explain(facts)) {
            Route route = explanation.route();
            line(
                    "route " + route.name(),
                    explanation.whyNot() != null
                            ? "no: " + explanation.whyNot()
                            : isDenied(route, client)
                                    ? "takes it, and closes it: " + CloseReason.DENIED
                                    : "takes it: " + route.to());
            taken = explanation.whyNot() == null ? route : taken;
        }
        if (taken == null && !table.routes().isEmpty()) {
            line("no route", "the connection is closed; a route without \"when\" would take it");
        }
        for (Gate gate : gates) {
            if (gate.serverName().equals(facts.serverName())) {
                line("gate", "opens " + gate + " to the address of the client");
            }
        }
        if (head != null
                && head.length > 0
                && verdict.waits()
                && table.foregone(Verdict.possibilities(head, detectors), client, where, open) != null) {
            line("decided", "already: whatever follows, this is what becomes of it");
        }
    }

    private static void line(String what, String value) {
        System.out.printf("  %-12s %s%n", what, value);
    }

    private Map<String, byte[]> heads() throws IOException {
        Map<String, byte[]> heads = new LinkedHashMap<>();
        if (hex != null) {
            heads.put("--hex", bytes(hex));
        }
        files.addAll(moreFiles);
        if (files.isEmpty() && hex == null && serverName == null) {
            files.add(STDIN);
        }
        List<String> missing = new ArrayList<>();
        for (String file : files) {
            try {
                heads.put(file, file.equals(STDIN) ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file)));
            } catch (NoSuchFileException e) {
                missing.add(file + ": no such file");
            } catch (IOException e) {
                missing.add(file + ": cannot read: " + e.getMessage());
            }
        }
        if (!missing.isEmpty()) {
            throw usage(String.join("\nportshare: ", missing));
        }
        return heads;
    }

    private byte[] bytes(String hex) {
        try {
            return HexFormat.of().parseHex(hex.replaceAll("0x|[\\s:,]", ""));
        } catch (IllegalArgumentException e) {
            throw usage("--hex " + hex + ": write pairs of hexadecimal digits, such as \"16 03 01\"");
        }
    }

    private @Nullable Endpoint client() {
        if (from == null) {
            return null;
        }
        InetAddress address = HostPort.literal(from);
        if (address == null) {
            throw usage("--from " + from + ": write an IPv4 or IPv6 address, such as 192.0.2.7 or 2001:db8::7");
        }
        return Endpoint.of(address, 0);
    }

    private String listener(Configuration configuration) {
        try {
            return listener != null
                    ? ListenAddress.parse(listener).toString()
                    : configuration.listen().isEmpty()
                            ? "-"
                            : configuration.listen().getFirst().toString();
        } catch (IllegalArgumentException e) {
            throw usage("--listener " + listener + ": " + e.getMessage());
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
