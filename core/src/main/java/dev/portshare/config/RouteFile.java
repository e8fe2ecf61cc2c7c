package dev.portshare.config;

import dev.portshare.listen.Gate;
import dev.portshare.route.Route;
import dev.portshare.session.Timeouts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the route file, docs/configuration.md. */
public final class RouteFile {
    static final YamlKeys KEYS = new YamlKeys(
            List.of(
                    "listen",
                    "detectors",
                    "routes",
                    "gate",
                    "timeouts",
                    "openvpn-clock",
                    "mapped",
                    "limits",
                    "log",
                    "admin",
                    "at-restart",
                    "state-dir",
                    "watch"),
            Set.of(),
            Map.of("openvpn-grace", "timeouts", "openvpn-key", "when"));
    static final YamlKeys TIMEOUT_KEYS = new YamlKeys(
            List.of("silent", "head", "openvpn-grace", "connect", "idle", "half-closed", "lost", "drain"), Set.of());

    private final Problems problems;
    private final Path directory;
    private final Sources sources;

    private RouteFile(Problems problems, Path directory, Sources sources) {
        this.problems = problems;
        this.directory = directory;
        this.sources = sources;
    }

    /**
     * Reads the file at {@code path}, and those that it names.
     *
     * @throws ConfigurationException with everything that is wrong
     */
    public static Configuration read(Path path) throws ConfigurationException {
        return read(path, new Sources());
    }

    /**
     * As {@link #read(Path)}.
     *
     * @param sources gets each file that is read, also where something is wrong
     */
    public static Configuration read(Path path, Sources sources) throws ConfigurationException {
        try {
            Path parent = path.getParent();
            return parse(path.toString(), sources.read(path), parent == null ? Path.of("") : parent, sources);
        } catch (IOException e) {
            throw new ConfigurationException(List.of(Problem.of(path.toString(), "cannot read: " + e.getMessage())));
        }
    }

    /**
     * Reads {@code yaml}, the text of the file at {@code path}, and the files that it names.
     *
     * @throws ConfigurationException with everything that is wrong
     */
    public static Configuration parse(Path path, String yaml) throws ConfigurationException {
        Path parent = path.getParent();
        return parse(path.toString(), yaml, parent == null ? Path.of("") : parent);
    }

    /**
     * The text of the file at {@code path}, for who needs it as well as what it says.
     *
     * @throws ConfigurationException where it cannot be read
     */
    public static String text(Path path) throws ConfigurationException {
        try {
            return TextFile.read(path);
        } catch (IOException e) {
            throw new ConfigurationException(List.of(Problem.of(path.toString(), "cannot read: " + e.getMessage())));
        }
    }

    /**
     * Reads {@code yaml}, and the files that it names.
     *
     * @param file      what problems call it
     * @param directory what {@code ./} in it means
     * @throws ConfigurationException with everything that is wrong
     */
    public static Configuration parse(String file, String yaml, Path directory) throws ConfigurationException {
        return parse(file, yaml, directory, new Sources());
    }

    private static Configuration parse(String file, String yaml, Path directory, Sources sources)
            throws ConfigurationException {
        Problems problems = new Problems(file);
        Configuration configuration = null;
        try {
            Node root = YamlDocument.root(yaml, problems);
            configuration = root == null ? null : new RouteFile(problems, directory, sources).configuration(root);
            if (configuration != null && problems.count() == 0 && SourceFit.isAsked(configuration)) {
                new Places(file, root).of(SourceFit.misfits(configuration)).forEach(problems::add);
            }
        } catch (StackOverflowError e) {
            // The composer recurses into nested lists; ten thousand brackets are no route file.
            problems.add(Problem.of(file, "nested too deeply; write what docs/configuration.md shows"));
        }
        if (configuration == null || problems.count() > 0) {
            throw new ConfigurationException(problems.inOrder());
        }
        return configuration;
    }

    /** The JSON schema of route files. */
    public static InputStream schema() {
        return Objects.requireNonNull(RouteFile.class.getResourceAsStream("portshare.schema.json"));
    }

    private @Nullable Configuration configuration(Node root) {
        YamlFields fields = new YamlValue(root, "", problems).fields("a mapping with \"listen\" and \"routes\"", KEYS);
        if (fields == null) {
            return null;
        }
        int before = problems.count();
        BlockReader blocks = new BlockReader(directory, sources);
        ListenReader listen = new ListenReader(blocks);
        YamlValue listening = fields.require("listen", "write one such as listen: 443");
        if (listening != null) {
            listen.read(listening);
        }
        // A listener that could not be read must not make those that refer to it wrong as well.
        Set<String> listeners =
                problems.count() > before ? Set.of() : listen.addresses().keySet();
        YamlValue own = fields.get("detectors");
        DetectorReader detectors = own == null ? null : new DetectorReader(own);
        List<String> protocols = detectors == null ? ConditionReader.PROTOCOLS : detectors.protocols();
        List<Finding> findings = new ArrayList<>();
        YamlValue routes = fields.require("routes", "write a list such as routes: [{to: 127.0.0.1:8443}]");
        YamlValue mapped = fields.get("mapped");
        YamlValue admin = fields.get("admin");
        List<Route> read = routes == null
                ? List.of()
                : RouteReader.read(
                        routes,
                        new ConditionReader(
                                protocols,
                                listeners,
                                blocks,
                                new OpenVpnKeyReader(directory, sources, findings),
                                new ClientKeyReader(directory, sources)),
                        directory);
        YamlValue gate = fields.get("gate");
        List<Gate> gates = gate == null ? List.of() : GateReader.read(gate, read);
        YamlValue limits = fields.get("limits");
        return new Configuration(
                List.copyOf(listen.addresses().values()),
                listen.access(),
                gates,
                limits == null && listen.limits().isEmpty() ? null : LimitsReader.read(limits, read, listen.limits()),
                detectors == null ? List.of() : detectors.detectors(),
                gates.isEmpty() ? read : GateReader.behind(gates, read),
                timeouts(fields.get("timeouts")),
                clock(fields.get("openvpn-clock")),
                mapped == null ? null : MappingReader.read(mapped),
                LogReader.read(fields.get("log"), directory),
                admin == null ? null : AdminReader.read(admin),
                handsOn(fields.get("at-restart")),
                stateDirectory(fields.get("state-dir")),
                watch(fields.get("watch")),
                findings);
    }

    private static Timeouts timeouts(@Nullable YamlValue value) {
        Timeouts defaults = Timeouts.DEFAULTS;
        YamlFields fields = value == null ? null : value.fields("a mapping such as {idle: 1h}", TIMEOUT_KEYS);
        if (fields == null) {
            return defaults;
        }
        return new Timeouts(
                duration(fields.get("silent"), Durations::parse, defaults.silent()),
                duration(fields.get("head"), Durations::parsePositive, defaults.head()),
                duration(fields.get("openvpn-grace"), Durations::parsePositive, defaults.grace()),
                duration(fields.get("connect"), Durations::parsePositive, defaults.connect()),
                duration(fields.get("idle"), Durations::parse, defaults.idle()),
                duration(fields.get("half-closed"), Durations::parse, defaults.halfClosed()),
                duration(fields.get("lost"), Durations::parse, defaults.lost()),
                duration(fields.get("drain"), Durations::parse, defaults.drain()));
    }

    private static @Nullable Duration clock(@Nullable YamlValue value) {
        return value == null ? null : value.read("a duration such as 24h", Durations::parsePositive);
    }

    private static boolean handsOn(@Nullable YamlValue value) {
        Boolean handsOn = value == null ? null : value.read("drain or hand-on", RouteFile::restart);
        return handsOn != null && handsOn;
    }

    private static Boolean restart(String word) {
        if (!word.equals("drain") && !word.equals("hand-on")) {
            throw new IllegalArgumentException("\"" + word + "\" is neither drain nor hand-on; write one of them");
        }
        return word.equals("hand-on");
    }

    private @Nullable Path stateDirectory(@Nullable YamlValue value) {
        return value == null
                ? null
                : value.read("a directory", word -> Paths.directory(word, directory, "/var/lib/portshare", "./state"));
    }

    private static boolean watch(@Nullable YamlValue value) {
        Boolean watch = value == null ? null : value.read("true or false", YamlValue::truth);
        return watch != null && watch;
    }

    private static Duration duration(@Nullable YamlValue value, Function<String, Duration> parse, Duration otherwise) {
        Duration duration = value == null ? null : value.read("a duration such as 5s", parse);
        return Objects.requireNonNullElse(duration, otherwise);
    }
}
