package dev.portshare.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of a condition, one of which is to be another. */
final class ConditionParts {
    List<String> protocols;
    ServerNameSet serverNames;
    List<String> applicationProtocols;

    @Nullable
    Boolean encryptedHello;

    ServerNameSet hosts;
    List<String> cookies;

    @Nullable
    ProofTerms proof;

    @Nullable
    CidrSet from;

    List<String> listeners;
    List<String> gates;

    @Nullable
    Condition not;

    ConditionParts(Condition condition) {
        protocols = condition.protocols();
        serverNames = condition.serverNames();
        applicationProtocols = condition.applicationProtocols();
        encryptedHello = condition.encryptedHello();
        hosts = condition.hosts();
        cookies = condition.cookies();
        proof = condition.proof();
        from = condition.from();
        listeners = condition.listeners();
        gates = condition.gates();
        not = condition.not();
    }

    Condition whole() {
        return new Condition(
                protocols,
                serverNames,
                applicationProtocols,
                encryptedHello,
                hosts,
                cookies,
                proof,
                from,
                listeners,
                gates,
                not);
    }
}
