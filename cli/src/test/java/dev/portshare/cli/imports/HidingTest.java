package dev.portshare.cli.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.config.Configuration;
import dev.portshare.config.ConfigurationException;
import dev.portshare.config.Finding;
import dev.portshare.config.OpenVpnServer;
import dev.portshare.config.Review;
import dev.portshare.config.RouteFile;
import dev.portshare.config.Sources;
import dev.portshare.route.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An OpenVPN server that has a key is hidden behind it by the imported file; of one that has none it is told. */
class HidingTest {
    private static final String KEY = "-----BEGIN OpenVPN Static key V1-----\n"
            + "0123456789abcdef0123456789abcdef\n".repeat(16) + "-----END OpenVPN Static key V1-----\n";
    private static final String SHARE = "proto tcp-server\nport-share 127.0.0.1 8443\n";

    @TempDir
    private Path folder;

    @BeforeEach
    void writeKeys() throws IOException {
        write("ta.key", KEY);
        write("more.conf", "tls-crypt ta.key\n");
    }

    private Path write(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static String imported(String text, @Nullable Path file) throws Exception {
        return Peer.openvpn.routeFile("server.conf", text, file);
    }

    private static Configuration routes(String yaml) throws ConfigurationException {
        return RouteFile.parse("imported", yaml, Path.of(""));
    }

    private static String comments(String yaml) {
        return yaml.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("# "))
                .map(line -> line.substring(2))
                .collect(Collectors.joining(" "));
    }

    /** Wherever OpenVPN takes a key from. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tls-crypt ta.key",
                "tls-auth 'ta.key' 0\nauth SHA512",
                "<tls-crypt>\n%s</tls-crypt>",
                "setenv opt tls-crypt ta.key",
                "config more.conf"
            })
    void whereTheServerHasAKeyOnlyWhoHoldsItFindsIt(String option) throws Exception {
        Path file = write("it's the \\ server \"1\".conf", SHARE + option.replace("%s", KEY) + "\n");
        String yaml = imported(Files.readString(file), file);
        Configuration configuration = routes(yaml);
        Condition when = configuration.routes().getFirst().when();
        assertThat(when.proof()).isNotNull();
        assertThat(when.proof().keys())
                .isEqualTo(OpenVpnServer.keys(file, new Sources()).keys());
        assertThat(configuration.timeouts().silent()).isEqualTo(Duration.ZERO);
        assertThat(Review.of(configuration)).extracting(Finding::message).isEmpty();
        assertThat(comments(yaml)).contains("state-dir:", "chgrp portshare", "must be able to read " + file);
        if (!option.startsWith("<")) {
            assertThat(comments(yaml)).contains(folder.resolve("ta.key").toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"tls-crypt no.key, no.key: no such file", "tls-auth more.conf 0, more.conf: "})
    void aKeyThatCannotBeReadIsToldAndTheFileIsRightWithout(String option, String reason) throws Exception {
        Path file = write("server.conf", SHARE + option + "\n");
        String yaml = imported(Files.readString(file), file);
        assertThat(routes(yaml).routes().getFirst().when().proof()).isNull();
        assertThat(comments(yaml))
                .contains(
                        "until portshare knows its key",
                        "openvpn-key: {config: " + file + "}",
                        "silent: 0s",
                        "server.conf:3:1: " + folder.resolve(reason));
    }

    @Test
    void whatComesFromStandardInputHasNoPathToName() throws Exception {
        String yaml = imported(SHARE + "tls-crypt ta.key\n", null);
        assertThat(routes(yaml).routes().getFirst().when().proof()).isNull();
        assertThat(comments(yaml)).contains("openvpn-key: {config: /etc/openvpn/server/server.conf}", "has no path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "config none.conf\n", "setenv opt dev tun\n"})
    void whereThereIsNoKeyTheFileSaysWhatToDo(String option) throws Exception {
        write("none.conf", "dev tun\n");
        Path file = write("server.conf", SHARE + option);
        String yaml = imported(Files.readString(file), file);
        assertThat(comments(yaml))
                .contains("it has no key", "openvpn --genkey secret ta.key", "tls-crypt ta.key", "from:")
                .doesNotContain("state-dir");
        assertThat(routes(yaml).routes().getFirst().when().proof()).isNull();
    }
}
