package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The .rpm, which the build makes where rpmbuild is there, installs what runs, and asks for what that needs. */
@Needs({"rpmbuild", "root"})
class RpmIT {
    @TempDir
    private Path root;

    private String rpm;

    @BeforeEach
    void find() throws IOException {
        try (Stream<Path> files = Files.list(Repository.MODULE.resolve("target"))) {
            rpm = files.map(Path::toString)
                    .filter(name -> name.matches(".*/portshare-[^/]*\\.rpm"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The AOT cache fits the jar by its time: with "on", Java does not start without. */
    @Test
    void theProgramRunsWhereItIsInstalledWithItsCache() {
        Command.of("rpm", "--root", root.toString(), "--nodeps", "--noscripts", "--install", rpm)
                .run()
                .ok();
        Command.Result result = Command.of(root.resolve("usr/bin/portshare").toString(), "--version")
                .with("PORTSHARE_JAVA_OPTS", "-XX:AOTMode=on")
                .run()
                .ok();
        assertThat(result.out()).startsWith("portshare ");
        // Every file has its size, checksum, mode, owner and time.
        assertThat(Command.of("rpm", "--root", root.toString(), "--verify", "--nodeps", "portshare")
                        .run()
                        .ok()
                        .out())
                .isEmpty();
    }

    @Test
    void asksForTheSystemsLibrariesAndOffersNoneOfItsOwn() {
        assertThat(query("--requires")).contains("systemd", "libc.so.6").doesNotContain("libjvm", "libjava");
        assertThat(query("--provides")).doesNotContain(".so");
    }

    @Test
    void whatIsInEtcIsTheAdministrators() {
        assertThat(query("--configfiles").lines())
                .containsExactly(
                        "/etc/fail2ban/action.d/portshare-list.conf",
                        "/etc/fail2ban/action.d/portshare.conf",
                        "/etc/fail2ban/filter.d/portshare.conf",
                        "/etc/fail2ban/jail.d/portshare.conf",
                        "/etc/portshare/portshare.yaml");
    }

    /** Folders that other packages share are theirs. */
    @Test
    void ownsNoFolderButItsOwn() {
        assertThat(query("--list").lines().filter(path -> !path.contains("portshare")))
                .isEmpty();
    }

    private String query(String what) {
        return Command.of("rpm", "--query", "--package", what, rpm).run().ok().out();
    }
}
