package dev.portshare.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostsFileTest {
    @TempDir
    private Path folder;

    @Test
    void aNameStandsBehindItsAddresses() throws Exception {
        HostsFile hosts = new HostsFile(Files.writeString(folder.resolve("hosts"), """
            # web of old: 192.0.2.9 web
            127.0.0.1\tlocalhost
            ::1       localhost ip6-localhost
            192.0.2.1 Web.example.org  web # 192.0.2.2 app
            2001:db8::1   web
            192.0.2.1 web
            fe80::1%nosuch0 far
            nonsense web
            """));
        assertThat(hosts.find("web"))
                .containsExactly(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1"));
        assertThat(hosts.find("WEB.Example.org.")).containsExactly(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(hosts.find("localhost")).hasSize(2);
        for (String other : new String[] {"app", "we", "example.org", "far", "192.0.2.1", "nosuch"}) {
            assertThat(hosts.find(other)).as(other).isEmpty();
        }
        assertThat(new HostsFile(folder.resolve("none")).find("web")).isEmpty();
    }
}
