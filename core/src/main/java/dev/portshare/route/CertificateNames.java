package dev.portshare.route;

import dev.portshare.detect.Detection;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The names in a certificate. */
public final class CertificateNames {
    private static final int E_MAIL = 1;
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;
    private static final String COMMON_NAME = "CN=";

    private CertificateNames() {}

    /** Which servers it is good for: DNS names, wildcards among them, and IP addresses (RFC 9525); in lower case. Its subject says nothing of that. */
    public static List<String> servers(X509Certificate certificate) {
        return alternatives(certificate, List.of(DNS, ADDRESS));
    }

    /** Whom it names: its subject's common name, DNS names, e-mail addresses and URIs; in lower case. */
    public static List<String> holders(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        String commonName = commonName(certificate);
        if (commonName != null) {
            names.add(Detection.Match.normal(commonName));
        }
        names.addAll(alternatives(certificate, List.of(DNS, E_MAIL, URI)));
        return names;
    }

    /** The common name of its subject; null where that has none. */
    public static @Nullable String commonName(X509Certificate certificate) {
        // RFC 2253 has the most specific first, and a comma in a value behind a backslash.
        String subject = certificate.getSubjectX500Principal().getName();
        for (String part : subject.split("(?<!\\\\)[,+]", -1)) {
            if (part.startsWith(COMMON_NAME)) {
                return part.substring(COMMON_NAME.length()).replaceAll("\\\\(.)", "$1");
            }
        }
        return null;
    }

    /** Whether one of {@code names}, of a certificate, is good for {@code server}: a wildcard stands for one label, the first. */
    public static boolean match(Collection<String> names, String server) {
        String host = Detection.Match.normal(server);
        InetAddress address = IpLiteral.parse(host);
        if (address != null) {
            return names.contains(address.getHostAddress());
        }
        return names.contains(host) || names.contains(wildcard(host));
    }

    /** The wildcard that stands for {@code host}. */
    public static String wildcard(String host) {
        int dot = host.indexOf('.');
        // Of a name of one label it is no name at all.
        return dot <= 0 ? "" : "*" + host.substring(dot);
    }

    private static List<String> alternatives(X509Certificate certificate, List<Integer> kinds) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> name : all == null ? List.<List<?>>of() : all) {
                if (kinds.contains(name.getFirst()) && name.getLast() instanceof String text) {
                    InetAddress address = Objects.equals(name.getFirst(), ADDRESS) ? IpLiteral.parse(text) : null;
                    names.add(address == null ? Detection.Match.normal(text) : address.getHostAddress());
                }
            }
        } catch (CertificateParsingException e) {
            // It has none that can be read.
        }
        return names;
    }
}
