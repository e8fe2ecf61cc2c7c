package dev.portshare;

import static dev.portshare.Front.PLAIN;
import static dev.portshare.Front.accept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portshare.telemetry.LiveTable;
import dev.portshare.telemetry.LiveTable.Listing;
import dev.portshare.telemetry.LiveTable.Order;
import dev.portshare.telemetry.LiveTable.Query;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More connections than a loop tells of at once. */
class LiveTableTest {
    private static final int COUNT = 300;

    private final List<Socket> clients = new ArrayList<>();
    private final List<Socket> servers = new ArrayList<>();
    private ServerSocket backend;
    private Front front;
    private LiveTable table;

    @BeforeEach
    void start() throws Exception {
        backend = Front.backend();
        front = Front.to(backend);
        table = new LiveTable(front.portshare.telemetry());
        for (int i = 0; i < COUNT; i++) {
            clients.add(front.connect(PLAIN));
            servers.add(accept(backend));
        }
        for (Socket server : servers) {
            server.getInputStream().readNBytes(PLAIN.length);
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket client : clients) {
            client.close();
        }
        for (Socket server : servers) {
            server.close();
        }
        front.close();
        backend.close();
    }

    private Listing list(String text, Order order, int offset, int limit) throws Exception {
        return table.list(new Query(text, "", order, offset, limit, 3)).get();
    }

    private static List<Long> ids(Listing listing) {
        return listing.rows().stream().map(row -> row.connection().id()).toList();
    }

    @Test
    void aPageHasItsPartOfAllConnections() throws Exception {
        Listing listing = list("", Order.AGE, 5, 3);
        assertThat(listing.live()).isEqualTo(COUNT).isEqualTo(listing.matching());
        assertThat(ids(listing)).containsExactly(5L, 6L, 7L);
        assertThat(ids(list("", Order.AGE, COUNT - 1, 10))).containsExactly(COUNT - 1L);
        assertThat(ids(list("", Order.AGE, COUNT, 10))).isEmpty();
        assertThat(list("", Order.AGE, 0, 0).rows()).isEmpty();
    }

    @Test
    void aSearchFindsEveryWordOfAConnection() throws Exception {
        Socket wanted = clients.get(7);
        assertThat(ids(list("127.0.0.1:" + wanted.getLocalPort(), Order.RATE, 0, 10)))
                .containsExactly(7L);
        assertThat(list("ALL", Order.RATE, 0, 10).matching()).isEqualTo(COUNT);
        assertThat(list("nothing like it", Order.RATE, 0, 10).matching()).isZero();
        assertThat(table.list(new Query("", "other", Order.RATE, 0, 10, 0))
                        .get()
                        .matching())
                .isZero();
    }

    @Test
    void theBusiestStandsFirstWithItsRateSinceTheLastLook() throws Exception {
        assertThat(list("", Order.RATE, 0, 1).rows()).hasSize(1);
        AtomicReference<Listing> listing = new AtomicReference<>();
        await().untilAsserted(() -> {
            servers.get(9).getOutputStream().write(new byte[10_000]);
            clients.get(9).getInputStream().readNBytes(10_000);
            listing.set(list("", Order.RATE, 0, 2));
            LiveTable.Row row = listing.get().rows().getFirst();
            assertThat(row.connection().id()).isEqualTo(9);
            // Nothing came in since the first look, whose rates are forgotten after half a second.
            assertThat(row.inRate()).isZero();
            assertThat(row.outRate()).isPositive();
        });
        assertThat(listing.get().rows().get(1).outRate()).isZero();
        assertThat(listing.get().talkers()).singleElement().satisfies(talker -> {
            assertThat(talker.client()).isEqualTo("127.0.0.1");
            assertThat(talker.connections()).isEqualTo(COUNT);
            assertThat(talker.rate()).isEqualTo(listing.get().rows().getFirst().outRate());
        });
    }
}
