package dev.portshare.dns;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what is behind names, as the system would: from the hosts file, then from DNS, then by whatever else the system knows. It reads
 * both files anew when they change. A thread of its own, which never blocks.
 */
public final class Names implements Turns, AutoCloseable {
    private static final Path HOSTS = Path.of("/etc/hosts");
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final int PORT = 53;
    /** How often it is looked whether the files have changed. */
    static final Duration LOOK = Duration.ofSeconds(2);

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("dns", true), EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final SystemNames system = new SystemNames();
    private final HostsFile hosts;
    private final Path confPath;
    private final Map<String, String> environment;
    private final int port;
    private final Runnable changed;

    // What follows belongs to the thread.
    private FileStamp hostsStamp;
    private FileStamp confStamp;
    private @Nullable Stub stub;

    /**
     * By the files of this machine.
     *
     * @param changed is told on the thread when answers may have become others
     */
    public Names(Runnable changed) {
        this(HOSTS, RESOLV_CONF, System.getenv(), PORT, changed);
    }

    Names(Path hostsPath, Path confPath, Map<String, String> environment, int port, Runnable changed) {
        this.hosts = new HostsFile(hostsPath);
        this.confPath = confPath;
        this.environment = environment;
        this.port = port;
        this.changed = changed;
        this.hostsStamp = FileStamp.of(hosts.path());
        this.confStamp = FileStamp.of(confPath);
        after(LOOK, this::look);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void after(Duration delay, Runnable task) {
        if (!loop.isShuttingDown()) {
            var _ = loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        FileStamp hostsNow = FileStamp.of(hosts.path());
        FileStamp confNow = FileStamp.of(confPath);
        if (!hostsNow.equals(hostsStamp) || !confNow.equals(confStamp)) {
            hostsStamp = hostsNow;
            confStamp = confNow;
            stub = null;
            changed.run();
        }
        after(LOOK, this::look);
    }

    /** Null where there is no file that says whom to ask. */
    private @Nullable Stub stub() {
        if (stub == null) {
            ResolvConf conf = ResolvConf.read(confPath, environment, port);
            stub = conf.servers().isEmpty() ? null : new Stub(loop, conf);
        }
        return stub;
    }

    /** The addresses of {@code host}, in the order in which they are to be tried; on the thread. */
    public CompletionStage<Answer<InetAddress>> addresses(String host, List<InetAddress> known) {
        List<InetAddress> listed = hosts.find(host);
        CompletableFuture<Answer<InetAddress>> answer = listed.isEmpty()
                ? fromDns(host, known)
                : CompletableFuture.completedFuture(new Answer<>(listed, Known.LONGEST));
        return answer.thenApply(found -> new Answer<>(AddressOrder.here(found.found(), known), found.ttl()));
    }

    private CompletableFuture<Answer<InetAddress>> fromDns(String host, List<InetAddress> known) {
        Stub asked = stub();
        CompletableFuture<Answer<InetAddress>> answer = asked == null
                ? CompletableFuture.completedFuture(new Answer<>(List.of(), Known.SHORTEST))
                : first(asked.conf().candidates(host).iterator(), name -> Families.ask(asked, loop, name, known));
        return answer
                // What was found stays where it can be found out no more: the system would ask the same silent servers.
                .exceptionallyCompose(
                        error -> known.isEmpty() ? fromSystem(host, error) : CompletableFuture.failedFuture(error))
                .thenCompose(found -> found.found().isEmpty()
                        ? fromSystem(
                                host, new NotThereException(host + ": there is no such name, or it has no address"))
                        : CompletableFuture.completedFuture(found));
    }

    /** What else the system knows; {@code otherwise}, where it knows nothing. */
    private CompletableFuture<Answer<InetAddress>> fromSystem(String host, Throwable otherwise) {
        return system.ask(host).exceptionallyCompose(_ -> CompletableFuture.failedFuture(otherwise));
    }

    /** The services behind {@code name}, empty where it says itself that there are none; on the thread. */
    public CompletionStage<Answer<ServiceRecord>> services(String name) {
        Stub asked = stub();
        if (asked == null) {
            return CompletableFuture.failedFuture(
                    new UnknownHostException(name + ": no " + confPath + " says which name server to ask"));
        }
        return first(asked.conf().candidates(name).iterator(), candidate -> asked.ask(candidate, Kind.SERVICE))
                .thenCompose(answer -> answer.found().isEmpty()
                        ? CompletableFuture.failedFuture(new NotThereException(name + ": there is no such service"))
                        : CompletableFuture.completedFuture(new Answer<>(
                                answer.found().stream()
                                        .filter(record -> !record.target().equals(ServiceRecord.NOWHERE))
                                        .toList(),
                                answer.ttl())));
    }

    /** The first answer that is not empty, or the last. */
    private static <T> CompletableFuture<Answer<T>> first(
            Iterator<String> names, Function<String, CompletableFuture<Answer<T>>> question) {
        return question.apply(names.next())
                .thenCompose(answer -> answer.found().isEmpty() && names.hasNext()
                        ? first(names, question)
                        : CompletableFuture.completedFuture(answer));
    }

    @Override
    public void close() {
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        system.close();
    }
}
