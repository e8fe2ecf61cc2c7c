package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes along for those who start services: systemd, OpenRC, and whatever builds containers. */
class UnitsIT {
    private static final Path HOME =
            Portshare.PROGRAM.toAbsolutePath().getParent().getParent();

    @TempDir
    private Path folder;

    @Test
    @Needs("systemd-analyze")
    void systemdUnderstandsEveryLineOfTheUnits() throws Exception {
        Path service = unit("portshare.service");
        Path socket = unit("portshare.socket");
        Command.Result result = Command.of(
                        "systemd-analyze", "verify", "--man=no", service.toString(), socket.toString())
                .run()
                .ok();
        assertThat(result.out() + result.err()).isEmpty();
        assertThat(Files.readString(service))
                .as("systemd before 253 knows no other way to tell when a reload is done")
                .contains("Type=notify\n")
                .contains("ExecReload=");
        assertThat(Files.readString(service))
                .as("whoever may write there decides what is forgotten")
                .contains("StateDirectory=portshare\nStateDirectoryMode=0700\n");
    }

    /** In tenths. */
    @Test
    @Needs("systemd-analyze")
    void theServiceIsExposedByOneAndAHalfAtMost() throws Exception {
        Command.of(
                        "systemd-analyze",
                        "security",
                        "--offline=true",
                        "--threshold=15",
                        "--no-pager",
                        unit("portshare.service").toString())
                .run()
                .ok();
    }

    /** The drop-in for transparent routes adds one capability to those of the unit, and takes none away. */
    @Test
    @Needs("systemd-analyze")
    void theDropInForTransparentRoutesAddsOneCapability() throws Exception {
        Path service = unit("portshare.service");
        Path dropIns = Files.createDirectory(folder.resolve("portshare.service.d"));
        Files.copy(HOME.resolve("share/portshare/transparent.conf"), dropIns.resolve("transparent.conf"));
        Command.Result result = Command.of("systemd-analyze", "verify", "--man=no", service.toString())
                .with("SYSTEMD_UNIT_PATH", folder + ":")
                .run()
                .ok();
        assertThat(result.out() + result.err()).isEmpty();
        Command.of("systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", service.toString())
                .with("SYSTEMD_UNIT_PATH", folder + ":")
                .run()
                .ok();
        assertThat(Files.readAllLines(dropIns.resolve("transparent.conf")))
                .contains("AmbientCapabilities=CAP_NET_RAW", "CapabilityBoundingSet=CAP_NET_RAW");
    }

    /** A copy that starts the program where it was built. */
    private Path unit(String name) throws IOException {
        String text = Files.readString(HOME.resolve("systemd").resolve(name));
        return Files.writeString(
                folder.resolve(name), text.replace("=portshare ", "=" + Portshare.PROGRAM.toAbsolutePath() + " "));
    }

    @Test
    void theScriptForOpenRcIsOne() {
        Path script = HOME.resolve("openrc/portshare");
        assertThat(script).isExecutable();
        Command.of("sh", "-n", script.toString()).run().ok();
    }

    @Test
    void aContainerIsMadeOfWhatIsThere() throws Exception {
        List<String> lines = Files.readAllLines(HOME.resolve("Containerfile"));
        assertThat(lines).anyMatch(line -> line.matches("USER [1-9]\\d*:[1-9]\\d*"));
        List<String> copied = lines.stream()
                .filter(line -> line.startsWith("COPY "))
                .flatMap(line -> Arrays.stream(line.split(" ")).skip(1).limit(line.split(" ").length - 2L))
                .toList();
        assertThat(copied)
                .contains("bin", "lib", "runtime")
                .allSatisfy(each -> assertThat(HOME.resolve(each)).exists());
    }
}
