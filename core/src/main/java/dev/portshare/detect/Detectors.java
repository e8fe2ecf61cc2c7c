package dev.portshare.detect;

import dev.portshare.detect.dns.DnsDetector;
import dev.portshare.detect.http.HttpDetector;
import dev.portshare.detect.openvpn.OpenVpnDetector;
import dev.portshare.detect.tls.TlsDetector;
import java.util.List;

/** The table of built-in detectors, in the order in which they are asked: the source of option and configuration words. */
public final class Detectors {
    public static final String OPENVPN = "openvpn";
    public static final String TLS = "tls";
    public static final String HTTP = "http";
    public static final String RDP = "rdp";
    public static final String HTTP2 = "http2";
    public static final String SSH = "ssh";
    public static final String SOCKS4 = "socks4";
    public static final String SOCKS5 = "socks5";
    public static final String XMPP = "xmpp";
    public static final String GIT = "git";
    public static final String REDIS = "redis";
    public static final String SYSLOG = "syslog";
    public static final String POSTGRES = "postgres";
    public static final String MQTT = "mqtt";
    public static final String ADB = "adb";
    public static final String TINC = "tinc";
    public static final String SMB = "smb";
    public static final String STUN = "stun";
    public static final String MINECRAFT = "minecraft";
    public static final String WINBOX = "winbox";
    public static final String DNS = "dns";
    public static final String WIREGUARD = "wireguard";
    /** The protocol of a client that sent nothing for {@code timeouts.silent}: told by the clock, not by a detector. */
    public static final String SILENT = "silent";
    /** The protocol of a head that no detector matches. No route can name it. */
    public static final String UNRECOGNISED = "unrecognised";

    public static final List<NamedDetector> BUILTIN = List.of(
            new NamedDetector(OPENVPN, new OpenVpnDetector(), "an OpenVPN server (TCP)"),
            new NamedDetector(TLS, new TlsDetector(), "a TLS server"),
            new NamedDetector(HTTP, new HttpDetector(), "a web server without TLS (HTTP/1)"),
            new NamedDetector(HTTP2, new Http2Detector(), "a web server without TLS (HTTP/2 with prior knowledge)"),
            new NamedDetector(SSH, new SshDetector(), "an SSH server"),
            new NamedDetector(SOCKS5, new Socks5Detector(), "a SOCKS 5 proxy"),
            new NamedDetector(SOCKS4, new Socks4Detector(), "a SOCKS 4 or 4a proxy"),
            new NamedDetector(XMPP, new XmppDetector(), "an XMPP server"),
            new NamedDetector(GIT, new GitDetector(), "a git daemon"),
            new NamedDetector(REDIS, new RedisDetector(), "a Redis server"),
            new NamedDetector(SYSLOG, new SyslogDetector(), "a syslog server (TCP)"),
            new NamedDetector(RDP, new RdpDetector(), "a Remote Desktop server"),
            new NamedDetector(POSTGRES, new PostgresDetector(), "a PostgreSQL server"),
            new NamedDetector(MQTT, new MqttDetector(), "an MQTT broker"),
            new NamedDetector(ADB, new AdbDetector(), "an Android device (adb)"),
            new NamedDetector(TINC, new TincDetector(), "a tinc node"),
            new NamedDetector(SMB, new SmbDetector(), "an SMB file server"),
            new NamedDetector(STUN, new StunDetector(), "a STUN or TURN server (TCP)"),
            new NamedDetector(MINECRAFT, new MinecraftDetector(), "a Minecraft server (Java edition)"),
            new NamedDetector(WINBOX, new WinboxDetector(), "a MikroTik router's WinBox port"),
            new NamedDetector(DNS, new DnsDetector(), "a DNS server (TCP)"),
            new NamedDetector(WIREGUARD, new WireGuardDetector(), "a WireGuard server behind TCP framing"));

    private Detectors() {}
}
