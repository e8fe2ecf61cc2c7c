package dev.portshare.config;

import dev.portshare.detect.Detectors;
import dev.portshare.route.Backend;
import dev.portshare.route.BackendTls;
import dev.portshare.route.Condition;
import dev.portshare.route.HandshakeTerms;
import dev.portshare.route.Target;
import dev.portshare.route.Termination;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether what a route says of TLS goes together with the rest of it. */
final class TlsFit {
    private TlsFit() {}

    /** A route that ends TLS is for clients of TLS, whether it says so or not. */
    static Condition ofTls(Condition condition, @Nullable YamlValue when) {
        if (condition.protocols().isEmpty()) {
            return condition.withProtocols(List.of(Detectors.TLS));
        }
        if (when != null && !condition.protocols().equals(List.of(Detectors.TLS))) {
            when.problem("only clients of TLS have TLS to be ended; write a route of its own for "
                    + String.join(", ", condition.protocols()));
        }
        return condition;
    }

    /** Says where {@code tls} does not go together with {@code target}. */
    static void check(YamlValue secured, TlsReader.Tls tls, Target target) {
        BackendTls begins = tls.begins();
        if (target instanceof Target.Reject) {
            secured.problem("a connection that is rejected needs no TLS; leave it out");
        } else if (begins != null && begins.authorities() != null) {
            for (Backend backend : target.backends()) {
                if (!(backend instanceof Backend.Srv) && begins.nameOf(backend) == null) {
                    secured.problem("nobody can tell from " + backend + " what the backend's certificate has to say;"
                            + " write name: NAME, or verify: none");
                }
            }
        }
    }

    /** What no handshake can tell, none will. */
    static void checkTold(YamlValue when, HandshakeTerms terms, Termination ending) {
        if (!terms.holders().isEmpty() && ending.clients() == null) {
            when.problem("no client is asked for a certificate; write tls: {client-certificates: {ca: FILE}} above");
        }
        for (String protocol : terms.applicationProtocols()) {
            if (!ending.applicationProtocols().contains(protocol)) {
                when.problem("\"" + protocol + "\" is never chosen; write it into tls: {alpn: [...]} above too");
            }
        }
    }
}
