package dev.portshare.config;

import dev.portshare.route.BackendTls;
import dev.portshare.route.DnsName;
import dev.portshare.route.Identity;
import dev.portshare.route.IpLiteral;
import dev.portshare.route.Termination;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code tls:}.
 *
 * @param certificates reads the files
 */
record TlsReader(CertificateReader certificates) {
    static final YamlKeys KEYS = new YamlKeys(
            List.of(
                    "certificate",
                    "key",
                    "certificates",
                    "alpn",
                    "client-certificates",
                    "to-backend",
                    "verify",
                    "name"),
            Set.of());
    static final YamlKeys IDENTITY_KEYS = new YamlKeys(List.of("certificate", "key"), Set.of());
    static final YamlKeys CLIENT_KEYS = new YamlKeys(List.of("ca", "required"), Set.of());

    private static final String SYSTEM = "system";
    private static final String NONE = "none";
    private static final String EXPECTED =
            "how TLS ends, as in {certificate: FILE, key: FILE}, or begins: {to-backend: true}";

    /**
     * What it says.
     *
     * @param ends   how clients' TLS is ended; null: not at all
     * @param begins how the backend is reached by TLS; null: it is not
     */
    record Tls(@Nullable Termination ends, @Nullable BackendTls begins) {}

    /** Null: a problem. */
    @Nullable
    Tls read(YamlValue value) {
        YamlFields fields = value.fields(EXPECTED, KEYS);
        if (fields == null) {
            return null;
        }
        int before = value.problems().count();
        List<Identity> identities = identities(fields);
        YamlValue alpn = fields.get("alpn");
        List<String> offered = alpn == null ? List.of() : alpn.readEach("an ALPN name", ConditionReader::alpn);
        YamlValue asked = fields.get("client-certificates");
        Termination.ClientAuthorities clients = asked == null ? null : clients(asked);
        BackendTls begins = begins(fields);
        boolean ends =
                fields.get("certificate") != null || fields.get("key") != null || fields.get("certificates") != null;
        for (YamlValue useless : ends ? List.<YamlValue>of() : given(alpn, asked)) {
            useless.problem("clients' TLS is not ended here; write certificate and key, or leave it out");
        }
        if (!ends && begins == null && value.problems().count() == before) {
            value.problem("says nothing; write certificate and key, to-backend: true, or both");
        }
        if (value.problems().count() > before) {
            return null;
        }
        return new Tls(ends ? new Termination(identities, offered, clients) : null, begins);
    }

    private static List<YamlValue> given(@Nullable YamlValue one, @Nullable YamlValue other) {
        List<YamlValue> given = new ArrayList<>();
        if (one != null) {
            given.add(one);
        }
        if (other != null) {
            given.add(other);
        }
        return given;
    }

    private List<Identity> identities(YamlFields fields) {
        YamlValue certificate = fields.get("certificate");
        YamlValue key = fields.get("key");
        YamlValue several = fields.get("certificates");
        List<Identity> identities = new ArrayList<>();
        if (several != null) {
            for (YamlValue one : given(certificate, key)) {
                one.problem("stands in \"certificates\" where there are several; leave it out");
            }
            for (YamlValue entry :
                    several.list("certificates and their keys, as in [{certificate: FILE, key: FILE}]")) {
                YamlFields pair =
                        entry.fields("a certificate and its key, {certificate: FILE, key: FILE}", IDENTITY_KEYS);
                if (pair != null) {
                    identity(entry, pair, identities);
                }
            }
        } else if (certificate != null || key != null) {
            identity(Objects.requireNonNull(certificate == null ? key : certificate), fields, identities);
        }
        return identities;
    }

    private void identity(YamlValue place, YamlFields pair, List<Identity> identities) {
        YamlValue certificate = pair.get("certificate");
        YamlValue key = pair.get("key");
        if (certificate == null) {
            place.problem("no \"certificate\"; write the PEM file of the certificate and those behind it");
        } else if (key == null) {
            place.problem("no \"key\"; write the PEM file of the certificate's private key");
        } else {
            Identity identity = certificates.identity(certificate, key);
            if (identity != null) {
                identities.add(identity);
            }
        }
    }

    private Termination.@Nullable ClientAuthorities clients(YamlValue value) {
        YamlFields fields = value.fields("whose certificates are believed, as in {ca: FILE}", CLIENT_KEYS);
        YamlValue file = fields == null
                ? null
                : fields.require("ca", "write the PEM file of the authority that signs the clients' certificates");
        if (fields == null || file == null) {
            return null;
        }
        YamlValue required = fields.get("required");
        Boolean must = required == null ? Boolean.TRUE : required.read("true or false", YamlValue::truth);
        String authorities = certificates.authorities(file);
        return authorities == null || must == null ? null : new Termination.ClientAuthorities(authorities, must);
    }

    private @Nullable BackendTls begins(YamlFields fields) {
        YamlValue wanted = fields.get("to-backend");
        YamlValue verify = fields.get("verify");
        YamlValue name = fields.get("name");
        Boolean begins = wanted == null ? Boolean.FALSE : wanted.read("true or false", YamlValue::truth);
        if (begins == null) {
            return null;
        }
        if (!begins) {
            for (YamlValue useless : given(verify, name)) {
                useless.problem("the backend is not reached by TLS; write to-backend: true, or leave it out");
            }
            return null;
        }
        String server = name == null ? null : name.read("a server name", TlsReader::name);
        String how = verify == null ? SYSTEM : verify.word("system, none or a file");
        if (how == null || name != null && server == null) {
            return null;
        }
        if (how.equals(NONE)) {
            return new BackendTls(null, server);
        }
        String authorities = verify == null || how.equals(SYSTEM)
                ? CertificateReader.systemAuthorities(Objects.requireNonNull(verify == null ? wanted : verify))
                : certificates.authorities(verify);
        return authorities == null ? null : new BackendTls(authorities, server);
    }

    private static String name(String word) {
        return IpLiteral.parse(word) == null ? DnsName.checked(word) : word;
    }
}
