package dev.portshare.it.harness;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** dnsmasq, which knows names that end in {@code .test}, and gives each answer two seconds. Needs {@code dnsmasq}. */
public final class NameServer implements AutoCloseable {
    private final List<String> prefix;
    private final Path hosts;
    private final List<String> words;
    private Process process;

    /**
     * Starts it.
     *
     * @param prefix  what runs a command where it is to be
     * @param folder  where it keeps its files
     * @param address what it listens on, with {@code port}
     * @param hosts   its names, as in a hosts file
     * @param options more of its options
     */
    public NameServer(List<String> prefix, Path folder, String address, int port, String hosts, String... options)
            throws IOException {
        this.prefix = prefix;
        this.hosts = Files.writeString(Files.createTempFile(folder, "names", ".hosts"), hosts);
        words = new ArrayList<>(prefix);
        words.addAll(List.of(
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--user=root",
                "--log-facility=-",
                "--no-resolv",
                "--no-hosts",
                "--local=/test/",
                "--local-ttl=2",
                "--bind-interfaces",
                "--listen-address=" + address,
                "--port=" + port,
                "--addn-hosts=" + this.hosts));
        words.addAll(List.of(options));
        start(address, port);
    }

    private void start(String address, int port) throws IOException {
        process = Command.builder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        hosts.resolveSibling("dnsmasq.log").toFile()))
                .start();
        try {
            await().atMost(Portshare.PATIENCE).until(() -> listens(address, port) || !process.isAlive());
            if (!process.isAlive()) {
                throw new IOException(Files.readString(hosts.resolveSibling("dnsmasq.log")));
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private boolean listens(String address, int port) {
        List<String> look = new ArrayList<>(prefix);
        look.addAll(List.of("bash", "-c", "exec 3<>/dev/tcp/" + address + "/" + port));
        return Command.of(look).run().exit() == 0;
    }

    /** Has other names from now on. */
    public void become(String hosts) throws IOException {
        Files.writeString(this.hosts, hosts);
        Command.of("bash", "-c", "kill -HUP " + process.pid()).run().ok();
    }

    @Override
    public void close() {
        Command.end(process);
    }
}
