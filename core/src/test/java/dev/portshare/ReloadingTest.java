package dev.portshare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.config.ConfigurationException;
import dev.portshare.config.RouteFile;
import dev.portshare.config.Sources;
import dev.portshare.listen.ListenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The route file is read anew, when asked or when it changes, and what is wrong is refused whole. */
class ReloadingTest implements ReloadObserver {
    private static final String UNWATCHED = "listen: 127.0.0.1:0\nroutes: [{name: %s, to: reject}]\n";
    private static final String WATCHED = UNWATCHED + "watch: true\n";

    @TempDir
    private Path folder;

    private Path file;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final BlockingQueue<Reload> results = new LinkedBlockingQueue<>();
    private Runnable atBegin = () -> {};

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("portshare.yaml");
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
    }

    @Override
    public void begins() {
        atBegin.run();
    }

    @Override
    public void ended(Reload result) {
        results.add(result);
    }

    private Portshare portshare() {
        return (Portshare) opened.getFirst();
    }

    /** Serves what the file says. */
    private Reloading serve() throws ConfigurationException, ListenException, IOException {
        Sources sources = new Sources();
        Portshare portshare = Portshare.start(RouteFile.read(file, sources), 1, _ -> {});
        opened.add(portshare);
        Reloading reloading = new Reloading(portshare, file, sources, ReloadParticipant.NONE, this);
        opened.add(reloading);
        return reloading;
    }

    private void write(String template, String route) throws IOException {
        Files.writeString(file, template.formatted(route));
    }

    private String route() {
        return portshare().configuration().routes().getFirst().name();
    }

    @Test
    void whatIsWrongIsToldWholeAndChangesNothing() throws Exception {
        write(UNWATCHED, "old");
        Reloading reloading = serve();
        Files.writeString(
                file, "listen: 127.0.0.1:0\nroutes: [{nme: new, to: reject}, {when: {protocol: x}, to: y}]\n");
        Reload result = reloading.reload();
        assertThat(result)
                .isInstanceOfSatisfying(
                        Reload.Refused.class,
                        refused -> assertThat(refused.problems())
                                .satisfiesExactly(
                                        problem -> assertThat(problem).startsWith(file + ":2:11: routes[0].nme: "),
                                        problem -> assertThat(problem)
                                                .startsWith(file + ":2:52: routes[1].when.protocol: "),
                                        problem -> assertThat(problem).startsWith(file + ":2:60: routes[1].to: ")));
        assertThat(route()).isEqualTo("old");
        assertThat(results).containsExactly(result);
    }

    @Test
    void whatIsSurelyNotMeantIsToldAndInForceAllTheSame() throws Exception {
        write(UNWATCHED, "old");
        Reloading reloading = serve();
        write(
                "admin: {socket: /run/portshare/elsewhere.sock}\n"
                        + UNWATCHED.replace("]", ", {name: late, to: reject}]"),
                "new");
        assertThat(reloading.reload())
                .isInstanceOfSatisfying(
                        Reload.Done.class,
                        done -> assertThat(done.warnings())
                                .satisfiesExactly(
                                        warning -> assertThat(warning)
                                                .startsWith(file + ": admin: what changed there takes effect when"),
                                        warning -> assertThat(warning)
                                                .startsWith(file + ":3:35: warning: routes[1]: can never be reached")));
        assertThat(route()).isEqualTo("new");
    }

    @Test
    void anAddressThatCannotBeListenedOnIsAProblemLikeOthers() throws Exception {
        write(UNWATCHED, "old");
        Reloading reloading = serve();
        Files.writeString(file, "listen: [\"unix:%s\"]\nroutes: [{name: new, to: reject}]\n".formatted(file));
        assertThat(reloading.reload())
                .isInstanceOfSatisfying(
                        Reload.Refused.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .asString()
                                .contains("no socket"));
        assertThat(route()).isEqualTo("old");
    }

    @Test
    void routeOptionsCannotBeReadAnew() throws Exception {
        write(UNWATCHED, "old");
        serve();
        try (Reloading reloading =
                new Reloading(portshare(), null, new Sources(), ReloadParticipant.NONE, ReloadObserver.NONE)) {
            assertThat(reloading.reload())
                    .isInstanceOfSatisfying(
                            Reload.Refused.class,
                            refused -> assertThat(refused.problems())
                                    .singleElement()
                                    .asString()
                                    .contains("--config FILE"));
        }
    }

    @Test
    void inAStormTheLastFileCountsAndThoseWhoWaitShareAReload() throws Exception {
        int storm = 100;
        write(UNWATCHED, "old");
        Reloading reloading = serve();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        AtomicInteger reloads = new AtomicInteger();
        atBegin = () -> {
            reloads.incrementAndGet();
            begun.countDown();
            try {
                goesOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        List<Thread> askers = new ArrayList<>();
        askers.add(Thread.ofPlatform().start(reloading::reload));
        begun.await();
        List<Reload> told = new CopyOnWriteArrayList<>();
        for (int i = 1; i < storm; i++) {
            write(UNWATCHED, "new-" + i);
            askers.add(Thread.ofPlatform().start(() -> told.add(reloading.reload())));
        }
        await().until(() -> askers.stream().allMatch(asker -> asker.getState() == Thread.State.WAITING));
        goesOn.countDown();
        for (Thread asker : askers) {
            asker.join();
        }
        assertThat(route()).isEqualTo("new-" + (storm - 1));
        assertThat(reloads).hasValue(2);
        assertThat(told).hasSize(storm - 1).containsOnly(told.getFirst());
    }

    /** As editors do it: in place, or by another file that takes its name; and as deployments do it. */
    @ParameterizedTest
    @ValueSource(strings = {"written", "replaced", "removed and created", "linked", "in a linked folder"})
    void aChangeIsSeen(String how) throws Exception {
        Path release = Files.createDirectory(folder.resolve("1"));
        Path next = Files.createDirectory(folder.resolve("2"));
        Path current = folder.resolve("current");
        Path target = how.startsWith("linked") ? release.resolve("portshare.yaml") : file;
        if (how.equals("linked")) {
            Files.createSymbolicLink(file, Path.of("1", "portshare.yaml"));
        } else if (how.equals("in a linked folder")) {
            Files.createSymbolicLink(current, Path.of("1"));
            file = current.resolve("portshare.yaml");
            target = file;
        }
        Files.writeString(target, WATCHED.formatted("old"));
        serve();
        Path other = Files.writeString(next.resolve("portshare.yaml"), WATCHED.formatted("new"));
        switch (how) {
            case "written" -> write(WATCHED, "new");
            case "replaced" -> Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
            case "removed and created" -> {
                Files.delete(file);
                write(WATCHED, "new");
            }
            case "linked" -> {
                Path link = Files.createSymbolicLink(folder.resolve("tmp"), Path.of("2", "portshare.yaml"));
                Files.move(link, file, StandardCopyOption.REPLACE_EXISTING);
            }
            default -> {
                Path link = Files.createSymbolicLink(folder.resolve("tmp"), Path.of("2"));
                Files.move(link, current, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        await().until(() -> route().equals("new"));
    }

    @Test
    void theFilesItNamesAreWatchedTooAlsoThoseOfARefusedFile() throws Exception {
        Path addresses = Files.createDirectory(folder.resolve("lists")).resolve("office");
        Files.writeString(addresses, "192.0.2.0/24\n");
        String named = "listen: 127.0.0.1:0\nroutes: [{name: %s, when: {from: [./%s]}, to: reject}]\nwatch: true\n";
        Files.writeString(file, named.formatted("old", "lists/office"));
        serve();
        Files.writeString(addresses, "nonsense\n");
        awaitProblem(addresses + ":1:1: ");
        Files.writeString(addresses, "198.51.100.0/24\n");
        await().untilAsserted(() -> assertThat(
                        portshare().configuration().routes().getFirst().when())
                .hasToString("{from: [198.51.100.0/24]}"));

        Files.writeString(file, named.formatted("new", "later/partners"));
        awaitProblem("no such file");
        Files.writeString(Files.createDirectory(folder.resolve("later")).resolve("partners"), "203.0.113.0/24\n");
        await().until(() -> route().equals("new"));
    }

    /** Not at once the next result: a file may have been read between two writes. */
    private void awaitProblem(String text) {
        await().until(() -> results.poll() instanceof Reload.Refused(List<String> problems)
                && problems.stream().anyMatch(problem -> problem.contains(text)));
    }

    @Test
    void watchingBeginsAndEndsAsTheFileSays() throws Exception {
        write(UNWATCHED, "old");
        Reloading reloading = serve();
        write(WATCHED, "watched");
        assertThat(results).isEmpty();
        reloading.reload();
        write(UNWATCHED, "seen");
        await().until(() -> route().equals("seen"));
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("file-watch")));
    }
}
