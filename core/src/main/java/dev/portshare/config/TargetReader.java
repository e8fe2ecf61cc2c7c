package dev.portshare.config;

import dev.portshare.route.Backend;
import dev.portshare.route.Balance;
import dev.portshare.route.DnsName;
import dev.portshare.route.Health;
import dev.portshare.route.Member;
import dev.portshare.route.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code to}, {@code balance} and {@code health} of a route. */
final class TargetReader {
    static final YamlKeys MEMBER = new YamlKeys(List.of("backend", "weight", "backup"), Set.of());
    static final YamlKeys HEALTH =
            new YamlKeys(List.of("failures", "retry", "check", "name", "every", "timeout"), Set.of());
    private static final int MOST_FAILURES = 1000;
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String EXPECTED = "a backend or reject";

    private TargetReader() {}

    /** Where the route leads; null: a problem. */
    static @Nullable Target read(YamlFields route) {
        YamlValue to = route.require("to", "write a backend such as to: 127.0.0.1:8443, or to: reject");
        YamlValue balance = route.get("balance");
        YamlValue health = route.get("health");
        if (to == null) {
            return null;
        }
        if (!(to.node() instanceof SequenceNode)) {
            Target target = to.read(EXPECTED, Target::parse);
            if (!(target instanceof Target.Forward forward)) {
                needless(balance, target);
                needless(health, target);
                return target;
            }
            if (balance == null
                    && health == null
                    && !(forward.members().getFirst().backend() instanceof Backend.Srv)) {
                return target;
            }
        }
        List<Member> members = members(to);
        if (members.isEmpty()) {
            return null;
        }
        boolean isOne = members.size() == 1 && !(members.getFirst().backend() instanceof Backend.Srv);
        if (isOne && balance != null) {
            balance.problem(
                    "there is but one backend to lead to; leave it out, or write a list: to: [HOST:PORT, HOST:PORT]");
        }
        Balance chosen = balance == null
                ? null
                : balance.read("round-robin, least-connections, source-hash or first-alive", Balance::parse);
        Health told = health == null ? null : health(health);
        return isOne && told == null
                ? new Target.Forward(members.getFirst().backend())
                : new Target.Forward(
                        members,
                        Objects.requireNonNullElse(chosen, Balance.ROUND_ROBIN),
                        Objects.requireNonNullElse(told, Health.DEFAULT));
    }

    private static void needless(@Nullable YamlValue value, @Nullable Target target) {
        if (value != null && target != null) {
            value.problem("a connection that is rejected has no backend; leave it out");
        }
    }

    private static List<Member> members(YamlValue to) {
        List<Member> members = new ArrayList<>();
        Map<Backend, YamlValue> places = new HashMap<>();
        List<YamlValue> entries = to.oneOrMore(EXPECTED);
        for (YamlValue entry : entries) {
            Member member = entry.node() instanceof MappingNode
                    ? weighted(entry)
                    : entry.read("a backend", word -> new Member(backend(word)));
            YamlValue first = member == null ? null : places.putIfAbsent(member.backend(), entry);
            if (first != null) {
                entry.problem("the same backend as in line " + first.line() + "; leave it out, or give it a weight:"
                        + " {backend: HOST:PORT, weight: 2}");
            } else if (member != null && entries.size() > 1 && member.backend() instanceof Backend.Srv) {
                entry.problem("the records of a service say themselves which servers come first, and how much each"
                        + " gets; write it alone");
            } else if (member != null) {
                members.add(member);
            }
        }
        if (!members.isEmpty() && members.stream().allMatch(Member::backup)) {
            to.problem("all of them are backups; write at least one without");
        }
        return members;
    }

    private static @Nullable Member weighted(YamlValue entry) {
        YamlFields fields = entry.fields("a backend such as {backend: 10.0.0.5:443, weight: 2}", MEMBER);
        YamlValue named =
                fields == null ? null : fields.require("backend", "write it, as in {backend: 10.0.0.5:443, weight: 2}");
        Backend backend = named == null ? null : named.read("a backend", TargetReader::backend);
        if (fields == null || backend == null) {
            return null;
        }
        int weight =
                read(fields.get("weight"), "a weight from 1 to " + Member.MOST, word -> number(word, Member.MOST), 1);
        boolean backup = read(fields.get("backup"), "true or false", YamlValue::truth, false);
        return new Member(backend, weight, backup);
    }

    private static Health health(YamlValue value) {
        YamlFields fields = value.fields("a mapping such as {check: tcp, every: 10s}", HEALTH);
        if (fields == null) {
            return Health.DEFAULT;
        }
        Health.Kind kind = read(fields.get("check"), "tcp, tls or openvpn", Health.Kind::parse, null);
        YamlValue name = fields.get("name");
        if (kind != Health.Kind.TLS && name != null) {
            name.problem("only a check for TLS asks for a name; write check: tls, or leave it out");
        }
        String asked = read(name, "a server name", TargetReader::serverName, null);
        if (kind == null) {
            for (String key : List.of("every", "timeout")) {
                YamlValue useless = fields.get(key);
                if (useless != null && fields.get("check") == null) {
                    useless.problem("nothing is checked; write check: tcp, tls or openvpn, or leave it out");
                }
            }
        }
        Duration every = read(fields.get("every"), "a duration such as 10s", Durations::parsePositive, EVERY);
        Duration timeout = read(fields.get("timeout"), "a duration such as 2s", Durations::parsePositive, TIMEOUT);
        return new Health(
                read(
                        fields.get("failures"),
                        "a number such as 3",
                        word -> number(word, MOST_FAILURES),
                        Health.DEFAULT.failures()),
                read(fields.get("retry"), "a duration such as 1s", Durations::parsePositive, Health.DEFAULT.retry()),
                kind == null ? null : new Health.Check(kind, asked, every, timeout));
    }

    /** What {@code value} says; {@code otherwise} where there is none, or it is a problem. */
    private static <T extends @Nullable Object> T read(
            @Nullable YamlValue value, String expected, Function<String, T> parse, T otherwise) {
        T read = value == null ? null : value.<T>read(expected, parse);
        return read == null ? otherwise : read;
    }

    private static Backend backend(String word) {
        if (word.equals("reject")) {
            throw new IllegalArgumentException("reject among backends; write to: reject in a route of its own");
        }
        return Backend.parse(word);
    }

    private static Integer number(String word, int most) {
        return Numbers.upTo(most, word)
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + word + "\" is no number from 1 to " + most + "; write such as 2"));
    }

    private static String serverName(String word) {
        if (word.startsWith("*") || word.startsWith("/")) {
            throw new IllegalArgumentException("\"" + word + "\" is a pattern; write one name to ask for");
        }
        return DnsName.checked(word);
    }
}
