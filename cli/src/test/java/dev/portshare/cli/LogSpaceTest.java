package dev.portshare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.config.Configuration;
import dev.portshare.config.ConfigurationException;
import dev.portshare.config.RouteFile;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log may keep is compared with the disk that it is on. */
class LogSpaceTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private Configuration read(String log) throws ConfigurationException {
        return RouteFile.parse("r.yaml", "{listen: 443, routes: [{to: reject}], log: {%s}}".formatted(log), folder);
    }

    @Test
    void moreThanTheDiskHoldsIsWarnedOf() throws Exception {
        Configuration configuration = read("file: ./p.log, rotate: {size: 100MiB, keep: 4}");
        assertThat(LogSpace.findings(configuration, _ -> 500 * MIB)).isEmpty();
        assertThat(LogSpace.findings(configuration, _ -> 499 * MIB))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.path()).isEqualTo("log.rotate");
                    assertThat(finding.message())
                            .startsWith(
                                    "5 files of 100MiB (the log, and \"keep\" old ones) do not fit into 499MiB, which"
                                            + " is all that there is at " + folder + "; lower size or keep");
                });
        assertThat(LogSpace.findings(
                        read("file: ./p.log, rotate: {size: 999999999GiB, keep: 999}"), _ -> Long.MAX_VALUE))
                .hasSize(1);
    }

    @Test
    void whatCannotBeToldIsNotWarnedOf() throws Exception {
        Configuration configuration = read("file: ./p.log, rotate: {}");
        assertThat(LogSpace.findings(configuration, _ -> {
                    throw new IOException("no");
                }))
                .isEmpty();
        assertThat(LogSpace.findings(configuration, _ -> 0)).isEmpty();
        assertThat(LogSpace.findings(read("file: ./p.log"), _ -> 1)).isEmpty();
        assertThat(LogSpace.findings(read("format: json"), _ -> 1)).isEmpty();
        assertThat(LogSpace.findings(read("file: ./no/p.log, rotate: {}"), _ -> 1))
                .isEmpty();
        assertThat(LogSpace.findings(configuration)).isEmpty();
    }
}
