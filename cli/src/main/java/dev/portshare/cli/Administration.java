package dev.portshare.cli;

import dev.portshare.Portshare;
import dev.portshare.Reload;
import dev.portshare.ReloadObserver;
import dev.portshare.Reloading;
import dev.portshare.admin.AdminOptions;
import dev.portshare.admin.AdminServer;
import dev.portshare.admin.Instance;
import dev.portshare.admin.Reloads;
import dev.portshare.cli.log.RunningLog;
import dev.portshare.route.Route;
import dev.portshare.session.BackendState;
import dev.portshare.session.MappedAddresses;
import dev.portshare.telemetry.Telemetry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** The running program with its admin interface. */
final class Administration implements Instance, ReloadObserver, AutoCloseable {
    private final Portshare portshare;
    private final RunningLog log;
    private final String version;
    private final InstantSource clock;
    private volatile Reloads reloads;
    private volatile @Nullable Reloading reloading;
    private final AdminServer server;

    private Administration(AdminOptions options, Portshare portshare, RunningLog log, InstantSource clock)
            throws IOException {
        this.portshare = portshare;
        this.log = log;
        this.version = Main.Version.number();
        this.clock = clock;
        this.reloads = Reloads.none(clock.instant());
        this.server = AdminServer.start(options, this, clock);
    }

    /**
     * Answers for {@code portshare} as {@code options} say.
     *
     * @throws IOException where that cannot be, with a message for the operator
     */
    static Administration start(AdminOptions options, Portshare portshare, RunningLog log) throws IOException {
        Administration administration = new Administration(options, portshare, log, InstantSource.system());
        Logger logger = LogManager.getLogger(Administration.class);
        administration.server.addresses().forEach(address -> logger.info("admin interface at {}", address));
        return administration;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Telemetry telemetry() {
        return portshare.telemetry();
    }

    @Override
    public List<String> addresses() {
        return portshare.addresses();
    }

    @Override
    public List<Route> routes() {
        return portshare.configuration().allRoutes();
    }

    @Override
    public @Nullable MappedAddresses mapped() {
        return portshare.mapped();
    }

    @Override
    public List<BackendState> backends(String route) {
        return portshare.backends(route);
    }

    @Override
    public String drain(String backend, boolean undo) throws IOException {
        return portshare.drain(backend, undo);
    }

    @Override
    public Map<String, Integer> gates() {
        return portshare.gates();
    }

    @Override
    public boolean isReady() {
        return !portshare.isDraining();
    }

    @Override
    public Reloads reloads() {
        return reloads;
    }

    @Override
    public long droppedLines() {
        return log.dropped();
    }

    /** From now on it can be told to reload. */
    void reloading(Reloading reloading) {
        this.reloading = reloading;
    }

    @Override
    public Reloaded reload() {
        Reloading reloading = this.reloading;
        if (reloading == null) {
            return new Reloaded("", List.of("it has not started yet; try again"), List.of());
        }
        Reload result = reloading.reload();
        return switch (result) {
            case Reload.Refused refused -> new Reloaded(refused.toString(), refused.problems(), List.of());
            case Reload.Done done -> new Reloaded(done.toString(), List.of(), done.warnings());
        };
    }

    @Override
    public void begins() {}

    @Override
    public void ended(Reload result) {
        reloads = reloads.and(result instanceof Reload.Done, clock.instant());
    }

    /** As TERM does it. */
    @Override
    public void drain() {
        Signal.raise(new Signal("TERM"));
    }

    @Override
    public void close() {
        server.close();
    }
}
