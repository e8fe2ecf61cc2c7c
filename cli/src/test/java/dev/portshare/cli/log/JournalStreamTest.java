package dev.portshare.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JournalStreamTest {
    @Test
    void isThereWhereTheVariableNamesStandardOutput() throws IOException {
        Path output = Path.of("/proc/self/fd/1");
        String inode = Files.getAttribute(output, "unix:ino").toString();
        String file = Files.getAttribute(output, "unix:dev") + ":" + inode;
        assertThat(JournalStream.reads(file)).isTrue();
        assertThat(JournalStream.reads(file + "0")).isFalse();
        assertThat(JournalStream.reads("0:" + inode)).isFalse();
        assertThat(JournalStream.reads("")).isFalse();
        assertThat(JournalStream.reads(null)).isFalse();
    }
}
