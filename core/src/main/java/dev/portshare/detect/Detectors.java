package dev.portshare.detect;

import dev.portshare.detect.openvpn.OpenVpnDetector;
import dev.portshare.detect.tls.TlsDetector;
import java.util.List;

/** The table of built-in detectors, in the order in which they are asked: the source of option and configuration words. */
public final class Detectors {
    public static final String OPENVPN = "openvpn";
    public static final String TLS = "tls";
    public static final String HTTP = "http";
    public static final String RDP = "rdp";
    /** The protocol of a client that sent nothing for {@code timeouts.silent}: told by the clock, not by a detector. */
    public static final String SILENT = "silent";
    /** The protocol of a head that no detector matches. No route can name it. */
    public static final String UNRECOGNISED = "unrecognised";

    public static final List<NamedDetector> BUILTIN = List.of(
            new NamedDetector(OPENVPN, new OpenVpnDetector(), "an OpenVPN server (TCP)"),
            new NamedDetector(TLS, new TlsDetector(), "a TLS server"));

    private Detectors() {}
}
