package dev.portshare.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.route.Backend;
import dev.portshare.route.Balance;
import dev.portshare.route.Health;
import dev.portshare.session.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** In which order a connection tries the backends of its route. */
class ChoicesTest {
    private static final Health HEALTH = new Health(1, Duration.ofSeconds(1), null);
    private static final long NOW = 1_000_000_000_000L;

    private static Choice choice(int number, int weight, int tier) {
        Standing standing = new Standing(new Backend.Tcp("10.0.0." + number, 443));
        return new Choice(standing, standing.verdict(HEALTH, ""), weight, tier);
    }

    private static List<Choice> choices(int... weights) {
        List<Choice> all = new ArrayList<>();
        for (int weight : weights) {
            all.add(choice(all.size() + 1, weight, 0));
        }
        return all;
    }

    private static String order(Choices choices, Balance balance, int turn, @Nullable Endpoint client, long now) {
        StringBuilder text = new StringBuilder();
        for (Choice choice : choices.order(balance, turn, client, now)) {
            text.append(((Backend.Tcp) choice.backend()).host().substring(7));
        }
        return text.toString();
    }

    private static String first(Choices choices, Balance balance, int turn, @Nullable Endpoint client) {
        return order(choices, balance, turn, client, NOW).substring(0, 1);
    }

    @Test
    void weightsAreSpreadOverTheRound() {
        Choices choices = new Choices(choices(5, 1, 1));
        StringBuilder firsts = new StringBuilder();
        for (int turn = -7; turn < 7; turn++) {
            firsts.append(first(choices, Balance.ROUND_ROBIN, turn, null));
        }
        assertThat(firsts).hasToString("11213111121311");
    }

    @Test
    void theOthersFollowByTheirTurn() {
        Choices choices = new Choices(choices(1, 1, 1));
        assertThat(order(choices, Balance.ROUND_ROBIN, 0, null, NOW)).isEqualTo("123");
        assertThat(order(choices, Balance.ROUND_ROBIN, 1, null, NOW)).isEqualTo("231");
        assertThat(order(choices, Balance.FIRST_ALIVE, 1, null, NOW)).isEqualTo("123");
    }

    @Test
    void backupsComeLastAndThoseThatAreDownBehindThem() {
        List<Choice> all = new ArrayList<>(choices(1, 1));
        all.add(choice(3, 1, 1));
        Choices choices = new Choices(all);
        assertThat(order(choices, Balance.FIRST_ALIVE, 0, null, NOW)).isEqualTo("123");
        all.getFirst().verdict().failed("test", NOW);
        assertThat(order(choices, Balance.FIRST_ALIVE, 0, null, NOW)).isEqualTo("231");
        all.get(1).verdict().failed("test", NOW);
        assertThat(order(choices, Balance.FIRST_ALIVE, 0, null, NOW)).isEqualTo("312");
        all.getFirst().verdict().succeeded();
        assertThat(order(choices, Balance.FIRST_ALIVE, 0, null, NOW)).isEqualTo("132");
    }

    @Test
    void oneConnectionAtATimeTriesOneThatIsDown() {
        List<Choice> all = choices(1, 1);
        Choices choices = new Choices(all);
        all.getFirst().verdict().failed("test", NOW);
        long later = NOW + Duration.ofSeconds(1).toNanos();
        assertThat(order(choices, Balance.FIRST_ALIVE, 0, null, later - 1)).isEqualTo("21");
        assertThat(order(choices, Balance.FIRST_ALIVE, 0, null, later)).isEqualTo("12");
        assertThat(order(choices, Balance.FIRST_ALIVE, 0, null, later)).isEqualTo("21");
        all.getFirst().verdict().failed("test", later);
        assertThat(order(
                        choices,
                        Balance.FIRST_ALIVE,
                        0,
                        null,
                        later + Duration.ofMillis(1999).toNanos()))
                .isEqualTo("21");
        assertThat(order(
                        choices,
                        Balance.FIRST_ALIVE,
                        0,
                        null,
                        later + Duration.ofSeconds(2).toNanos()))
                .isEqualTo("12");
        all.getFirst().verdict().connected();
        assertThat(order(choices, Balance.FIRST_ALIVE, 0, null, later)).isEqualTo("12");
    }

    @Test
    void oneThatIsDrainedGetsNothing() {
        List<Choice> all = choices(1, 1);
        all.getFirst().standing().drain(true);
        assertThat(order(new Choices(all), Balance.ROUND_ROBIN, 0, null, NOW)).isEqualTo("2");
    }

    @Test
    void whenOneLeavesItsClientsAloneMove() {
        List<Choice> all = choices(1, 1, 1, 1);
        Choices before = new Choices(all);
        Choices after = new Choices(all.subList(0, 3));
        int moved = 0;
        for (int client = 0; client < 4000; client++) {
            Endpoint endpoint = Endpoint.ipv4(0x0a000000 + client, client);
            String was = first(before, Balance.SOURCE_HASH, client, endpoint);
            String is = first(after, Balance.SOURCE_HASH, client + 1, endpoint);
            if (was.equals("4")) {
                moved++;
            } else {
                assertThat(is).isEqualTo(was);
            }
            assertThat(order(before, Balance.SOURCE_HASH, 0, endpoint, NOW)).startsWith(was);
        }
        assertThat(moved).isBetween(850, 1150);
    }

    @Test
    void clientsAreSpreadByWeight() {
        Choices choices = new Choices(choices(1, 3));
        Map<String, Integer> counts = new HashMap<>();
        for (int client = 0; client < 4000; client++) {
            counts.merge(
                    first(choices, Balance.SOURCE_HASH, 0, new Endpoint(0x20010db8_00000000L + client, 7, 1, 0)),
                    1,
                    Integer::sum);
        }
        assertThat(counts.get("2")).isBetween(2850, 3150);
    }

    @Test
    void anIpv6ClientMayChangeItsAddressWithinItsNetwork() {
        Choices choices = new Choices(choices(1, 1, 1));
        String first = first(choices, Balance.SOURCE_HASH, 0, new Endpoint(0x20010db8_00000001L, 1, 1, 0));
        for (int i = 2; i < 20; i++) {
            assertThat(first(choices, Balance.SOURCE_HASH, i, new Endpoint(0x20010db8_00000001L, i, i, 0)))
                    .isEqualTo(first);
        }
    }
}
