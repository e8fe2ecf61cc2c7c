package dev.portshare.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UmaskTest {
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-r-----");

    @Test
    void tellsWhetherAFileGetsLessThanItsMode() {
        assertThat(Umask.takes(List.of("Name:\tjava", "Umask:\t0077"), MODE)).isTrue();
        assertThat(Umask.takes(List.of("Umask:\t0022"), MODE)).isFalse();
        assertThat(Umask.takes(List.of("Umask:\t0027"), MODE)).isFalse();
        assertThat(Umask.takes(List.of("Umask:\t0177"), MODE)).isTrue();
    }

    @Test
    void whatTheKernelDoesNotTellIsTakenForTheWorst() {
        assertThat(Umask.takes(List.of(), MODE)).isTrue();
    }
}
