package dev.portshare.cli.demo;

/**
 * What the demo says: it runs on the very route file that it shows.
 *
 * @param ipv6    whether portshare listens on {@code ::1} too
 * @param vpnPort where the stand-in for OpenVPN listens on 127.0.0.1; likewise the pages
 */
record Script(Commands commands, boolean ipv6, int vpnPort, int blogPort, int webPort) {
    String routeFile() {
        String listen = "\"127.0.0.1:" + commands.port() + "\"";
        if (ipv6) {
            listen += ", \"[::1]:" + commands.port() + "\"";
        }
        return """
            listen: [%s]
            routes:
              - name: vpn
                when: {protocol: openvpn}
                to: 127.0.0.1:%d   # a stand-in: answers the first packet, carries no traffic
              - name: blog
                when: {sni: %s}
                to: 127.0.0.1:%d   # a web page
              - name: web
                to: 127.0.0.1:%d   # another web page, for whatever is left
            """.formatted(listen, vpnPort, Commands.BLOG, blogPort, webPort);
    }

    String introduction() {
        return """
            portshare demo: one port, three services behind it. This is the route file that it runs:

            %s
            Paste into another terminal:

              route web: fetch its page
                %s

              route blog: a TLS handshake under its name
                %s

              route vpn: start an OpenVPN session ("TLS: Initial packet from"), give up after two seconds
                %s

            Or open %s in a browser, which will warn of the self-signed certificate.
            Ctrl-C ends the demo. Each connection gets a line here when it has ended:

            """.formatted(
                        routeFile().indent(4), commands.web(), commands.handshake(), commands.vpn(), commands.url());
    }
}
