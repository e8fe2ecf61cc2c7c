package dev.portshare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.admin.AdminOptions;
import dev.portshare.route.HostPort;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AdminReaderTest {
    @Test
    void isOffUnlessItIsThere() throws ConfigurationException {
        assertThat(RouteFile.parse("r.yaml", "{listen: 443, routes: [{to: reject}]}", Path.of(""))
                        .admin())
                .isNull();
    }

    @Test
    void aSocketIsForItsOwnerAndGroup() throws ConfigurationException {
        assertThat(admin("{socket: /run/portshare/admin.sock}"))
                .isEqualTo(AdminOptions.at(AdminOptions.DEFAULT_SOCKET))
                .extracting(options -> PosixFilePermissions.toString(options.mode()))
                .isEqualTo("rw-rw----");
    }

    @Test
    void theFileModeIsOctal() throws ConfigurationException {
        assertThat(PosixFilePermissions.toString(
                        admin("{socket: /s, mode: \"0606\"}").mode()))
                .isEqualTo("rw----rw-");
        assertThat(PosixFilePermissions.toString(
                        admin("{socket: /s, mode: 750}").mode()))
                .isEqualTo("rwxr-x---");
    }

    @Test
    void anAddressThatOthersReachIsAllowedByName() throws ConfigurationException {
        assertThat(admin("{http: \"[::]:9443\", allow-remote: true}").http()).isEqualTo(new HostPort("::", 9443));
        assertThat(admin("{http: \"[::1]:9443\"}").socket()).isNull();
        assertThat(admin("{http: localhost:9443}").http()).isEqualTo(new HostPort("localhost", 9443));
    }

    private static AdminOptions admin(String admin) throws ConfigurationException {
        String yaml = "{listen: 443, routes: [{to: reject}], admin: " + admin + "}";
        return Objects.requireNonNull(
                RouteFile.parse("r.yaml", yaml, Path.of("")).admin());
    }
}
