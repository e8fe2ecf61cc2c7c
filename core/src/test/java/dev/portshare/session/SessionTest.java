package dev.portshare.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionTest {
    private final List<ConnectionRecord> records = new ArrayList<>();
    private final List<CloseReason> released = new ArrayList<>();
    private final RouteTotals totals = new RouteTotals("web");
    private long now = 1000;

    private final class TestSession extends Session {
        TestSession() {
            super(7, ":443", Endpoint.ipv4(1, 2), records::add, now);
        }

        @Override
        protected void release(CloseReason reason) {
            released.add(reason);
            // Whatever is released may try to close again.
            close(CloseReason.INTERNAL_ERROR);
        }

        @Override
        public Endpoint local() {
            return Endpoint.ipv4(3, 4);
        }

        @Override
        protected Endpoint standIn() {
            return Endpoint.ipv4(5, 0);
        }

        @Override
        public Endpoint backendSees() {
            return Endpoint.ipv4(5, 6);
        }

        @Override
        protected RouteTotals totals(String route) {
            return totals;
        }

        @Override
        public long now() {
            return now;
        }
    }

    @Test
    void theFirstReasonWinsAndOneRecordComesOut() {
        Session session = new TestSession();
        session.close(CloseReason.IDLE);
        session.close(CloseReason.COMPLETED);
        assertThat(released).containsExactly(CloseReason.IDLE);
        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.close()).isEqualTo(CloseReason.IDLE);
            assertThat(record.protocol()).isNull();
            assertThat(record.headNanos()).isEqualTo(-1);
            assertThat(record.connectNanos()).isEqualTo(-1);
        });
    }

    @Test
    void theRecordHasTheTimesOfEachStep() {
        Session session = new TestSession();
        now += 10;
        session.decided("tls", "example.org", List.of("h2"));
        session.routed("web", "127.0.0.1:1");
        now += 20;
        session.connected();
        session.addIn(5);
        session.addOut(6);
        session.addOut(1);
        now += 30;
        session.close(CloseReason.COMPLETED);
        assertThat(records)
                .containsExactly(new ConnectionRecord(
                        7,
                        Endpoint.ipv4(1, 2),
                        Endpoint.ipv4(3, 4),
                        "tls",
                        "example.org",
                        List.of("h2"),
                        "web",
                        "127.0.0.1:1",
                        Endpoint.ipv4(5, 0),
                        5,
                        7,
                        10,
                        20,
                        60,
                        CloseReason.COMPLETED));
    }

    @Test
    void aBackendConnectedBeforeTheDecisionCostNoTime() {
        Session session = new TestSession();
        session.connected();
        now += 10;
        session.decided("tls", null, List.of());
        session.close(CloseReason.COMPLETED);
        assertThat(records.getFirst().connectNanos()).isZero();
    }

    @Test
    void everyReasonIsDocumentedAsItIsLogged() throws Exception {
        String page = java.nio.file.Files.readString(java.nio.file.Path.of("../docs/operations.md"));
        assertThat(Arrays.stream(CloseReason.values()).map(CloseReason::toString))
                .allSatisfy(word -> assertThat(page).contains("`" + word + "`"));
    }
}
