package dev.portshare.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.it.harness.Command;
import dev.portshare.it.harness.DebianMachine;
import dev.portshare.it.harness.FirstPacket;
import dev.portshare.it.harness.Needs;
import dev.portshare.it.harness.Portshare;
import dev.portshare.it.harness.UnixEcho;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Containerfile builds an image on a Debian, which serves as its comments say, and not as root. */
@Tag("systemd")
@Needs({"root", "debootstrap", "podman", "runc", "nsenter"})
class ContainerIT {
    private static final String CONTAINER = "portshare-it";

    @TempDir
    private Path folder;

    /** Podman, with a storage of its own, and what it needs in a container of somebody else's. */
    private Command podman(String... words) {
        List<String> all = new ArrayList<>(List.of(
                "podman",
                "--root=" + folder.resolve("storage"),
                "--runroot=" + folder.resolve("run"),
                "--storage-driver=vfs",
                "--runtime=runc",
                "--cgroup-manager=cgroupfs"));
        all.addAll(List.of(words));
        return Command.of(all).within(Duration.ofMinutes(3));
    }

    @AfterEach
    void remove() {
        podman("rm", "--force", "--time=0", CONTAINER).run();
        // What it has mounted goes first.
        podman("rmi", "--all", "--force").run();
    }

    /** What stands in for the registry's image of the same Debian: the model without what no container needs. */
    private void importDebian() {
        Path tar = folder.resolve("debian.tar");
        Command.of(
                        "tar",
                        "--create",
                        "--file=" + tar,
                        "--directory=" + DebianMachine.model(),
                        "--exclude=./usr/share",
                        "--exclude=./usr/lib/systemd",
                        "--exclude=./usr/lib/python3*",
                        "--exclude=./var",
                        ".")
                .run()
                .ok();
        podman("import", "--quiet", tar.toString(), "docker.io/library/debian:bookworm-slim")
                .run()
                .ok();
    }

    @Test
    void itServesOn443AndNotAsRootAndRemembersWhatClientsSent() throws IOException {
        importDebian();
        podman(
                        "build",
                        "--isolation=chroot",
                        "--network=host",
                        "--pull=never",
                        "--tag=portshare",
                        "--file=" + Portshare.HOME.resolve("Containerfile"),
                        Portshare.HOME.toString())
                .run()
                .ok();
        Path web = Files.createDirectory(folder.resolve("web"));
        Path packet = Files.write(folder.resolve("packet"), FirstPacket.bytes());
        FirstPacket.key(web.resolve("ta.key"));
        Path routes = Files.writeString(folder.resolve("portshare.yaml"), """
            listen: 443
            routes:
              - {name: vpn, when: {openvpn-key: {tls-crypt: /web/ta.key}}, to: "unix:/web/vpn"}
              - {name: web, to: "unix:/web/socket"}
            """);
        String replay = "exec 3<>/dev/tcp/127.0.0.1/443; cat " + packet + " >&3; head --bytes=" + Files.size(packet)
                + " <&3 | cmp - " + packet;
        try (UnixEcho _ = new UnixEcho(web.resolve("socket"));
                UnixEcho _ = new UnixEcho(web.resolve("vpn"))) {
            // For whoever is in the container.
            Command.of("chmod", "-R", "a+rwX", web.toString(), routes.toString())
                    .run()
                    .ok();
            String pid = start(routes, web);
            assertThat(Files.readString(Path.of("/proc/" + pid + "/status")))
                    .contains("Uid:\t65532\t65532\t65532\t65532", "CapEff:\t0000000000000000");
            String client = "exec 3<>/dev/tcp/127.0.0.1/443; echo hello >&3; read -r -t 10 answer <&3; echo $answer";
            assertThat(inside(pid, client)).isEqualTo("hello\n");
            inside(pid, replay);
            podman("stop", "--time=20", CONTAINER).run().ok();
            assertThat(log())
                    .contains(" route=web ", " close=completed", " INFO stopped")
                    .contains(" proto=openvpn sni=- alpn=- route=vpn ")
                    .doesNotContain("state-dir");

            // Another container, the same volume.
            podman("rm", CONTAINER).run().ok();
            inside(start(routes, web), replay);
            podman("stop", "--time=20", CONTAINER).run().ok();
            assertThat(log()).contains(" proto=openvpn sni=- alpn=- route=web ");
        }
    }

    /** What runs in the container's network prints. */
    private static String inside(String pid, String script) {
        return Command.of("nsenter", "--target=" + pid, "--net", "bash", "-o", "pipefail", "-c", script)
                .run()
                .ok()
                .out();
    }

    /** The process of a new container that serves. */
    private String start(Path routes, Path web) {
        podman(
                        "run",
                        "--detach",
                        "--name=" + CONTAINER,
                        "--network=none",
                        "--ulimit=nofile=1024:1024",
                        "--ulimit=nproc=4096:4096",
                        "--sysctl=net.ipv4.ip_unprivileged_port_start=0",
                        "--volume=" + routes + ":/etc/portshare/portshare.yaml:ro",
                        "--volume=" + web + ":/web",
                        "--volume=portshare-state:/var/lib/portshare",
                        "portshare")
                .run()
                .ok();
        await().atMost(Portshare.PATIENCE).until(() -> log().contains(" INFO listening on [::]:443"));
        return podman("inspect", "--format={{.State.Pid}}", CONTAINER)
                .run()
                .ok()
                .out()
                .strip();
    }

    private String log() {
        Command.Result result = podman("logs", CONTAINER).run().ok();
        return result.out() + result.err();
    }
}
