package dev.portshare.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class KnownTest {
    /** Its time goes on only where a test lets it. */
    private static final class Clockwork implements Turns {
        private record Task(long due, int number, Runnable task) {}

        private final PriorityQueue<Task> tasks =
                new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingInt(Task::number));
        private long now;
        private int count;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void after(Duration delay, Runnable task) {
            tasks.add(new Task(now + delay.toNanos(), count++, task));
        }

        void run(Duration time) {
            long end = now + time.toNanos();
            while (!tasks.isEmpty() && tasks.peek().due() <= end) {
                now = tasks.peek().due();
                tasks.remove().task().run();
            }
            now = end;
        }
    }

    private final Clockwork clockwork = new Clockwork();
    private final List<String> events = new ArrayList<>();
    private final List<CompletableFuture<Answer<String>>> questions = new ArrayList<>();
    private final List<List<String>> known = new ArrayList<>();
    private final Known<String> name = new Known<>(
            last -> {
                known.add(last);
                questions.add(new CompletableFuture<>());
                return questions.getLast();
            },
            clockwork,
            new Known.Owner() {
                @Override
                public void troubled(UnknownHostException why) {
                    events.add("troubled");
                }

                @Override
                public void forgotten() {
                    events.add("forgotten");
                }
            });

    KnownTest() {
        clockwork.run(Duration.ZERO);
    }

    private void answer(int ttl, String... found) {
        questions.getLast().complete(new Answer<>(List.of(found), Duration.ofSeconds(ttl)));
        clockwork.run(Duration.ZERO);
    }

    private void fail(Exception why) {
        questions.getLast().completeExceptionally(why);
        clockwork.run(Duration.ZERO);
    }

    private static UnknownHostException noAnswer() {
        return new UnknownHostException("no answer");
    }

    private static NotThereException notThere() {
        return new NotThereException("gone");
    }

    private void pass(int seconds) {
        clockwork.run(Duration.ofSeconds(seconds));
    }

    @Test
    void allWhoAskWaitForOneAnswer() {
        CompletableFuture<List<String>> one = name.answer();
        CompletableFuture<List<String>> other = name.answer();
        assertThat(one).isNotDone();
        answer(60, "a");
        assertThat(one.join())
                .containsExactly("a")
                .isSameAs(other.join())
                .isSameAs(name.answer().join());
        assertThat(questions).hasSize(1);
    }

    @Test
    void itIsRenewedWhenItsTimeIsOverWhoeverAsks() {
        answer(5, "a");
        pass(4);
        assertThat(questions).hasSize(1);
        pass(1);
        assertThat(questions).hasSize(2);
        assertThat(name.answer().join()).as("while it is asked for anew").containsExactly("a");
        answer(5, "b");
        assertThat(name.answer().join()).containsExactly("b");
        assertThat(known).containsExactly(List.of(), List.of("a"));
    }

    @Test
    void whatIsTheSameIsTheSameList() {
        answer(5, "a", "b");
        List<String> before = name.answer().join();
        pass(5);
        answer(5, "a", "b");
        assertThat(name.answer().join()).isSameAs(before);
    }

    @Test
    void noTimeIsShorterThanASecondOrLongerThanAnHour() {
        answer(0, "a");
        clockwork.run(Duration.ofMillis(999));
        assertThat(questions).hasSize(1);
        clockwork.run(Duration.ofMillis(1));
        assertThat(questions).hasSize(2);
        answer(Integer.MAX_VALUE, "a");
        pass(3599);
        assertThat(questions).hasSize(2);
        pass(1);
        assertThat(questions).hasSize(3);
    }

    @Test
    void whatWasFoundStaysForHoursWhileNobodyAnswers() {
        answer(5, "a");
        pass(5);
        for (int i = 0; i < 300; i++) {
            fail(noAnswer());
            assertThat(name.answer().join()).containsExactly("a");
            pass(30);
        }
        assertThat(questions)
                .as("asked again after 1, 2, 4, 8, 16 and then each 30 seconds")
                .hasSize(302);
        assertThat(events).hasSize(300).containsOnly("troubled");
        answer(5, "b");
        assertThat(name.answer().join()).containsExactly("b");
        pass(5);
        fail(noAnswer());
        int before = questions.size();
        pass(1);
        assertThat(questions).as("as patient as at first").hasSize(before + 1);
    }

    @Test
    void anAnswerThatSaysItIsGoneIsBelievedAfterHalfAMinute() {
        answer(5, "a");
        pass(5);
        for (int pause : new int[] {1, 2, 4, 8, 16}) {
            fail(notThere());
            assertThat(name.answer().join()).containsExactly("a");
            pass(pause);
        }
        fail(notThere());
        assertThatThrownBy(name.answer()::join).hasCauseInstanceOf(UnknownHostException.class);
        pass(1);
        assertThat(events).endsWith("forgotten");
    }

    @Test
    void whoDoesNotAnswerDoesNotSayItIsGone() {
        answer(5, "a");
        pass(5);
        fail(notThere());
        for (int i = 0; i < 10; i++) {
            pass(30);
            fail(noAnswer());
        }
        pass(30);
        fail(notThere());
        assertThat(name.answer().join()).containsExactly("a");
    }

    @Test
    void aFirstFailureIsToldForASecond() {
        CompletableFuture<List<String>> first = name.answer();
        fail(new CompletionException(noAnswer()));
        assertThatThrownBy(first::get).hasCauseInstanceOf(UnknownHostException.class);
        assertThatThrownBy(name.answer()::get).hasCauseInstanceOf(UnknownHostException.class);
        assertThat(events).isEmpty();
        pass(1);
        assertThat(events).containsExactly("forgotten");
        pass(4000);
        assertThat(questions).hasSize(1);
    }

    @Test
    void anErrorOfOursIsAFailureToo() {
        CompletableFuture<List<String>> first = name.answer();
        fail(new IllegalStateException("a bug"));
        assertThatThrownBy(first::get)
                .hasCauseInstanceOf(UnknownHostException.class)
                .hasMessageContaining("a bug");
    }

    @Test
    void aServiceThatIsSaidToBeNowhereFailsUntilItIsSomewhere() {
        answer(5, "a");
        pass(5);
        answer(5);
        assertThatThrownBy(name.answer()::get).hasCauseInstanceOf(UnknownHostException.class);
        pass(5);
        answer(5, "b");
        assertThat(name.answer().join()).containsExactly("b");
    }

    @Test
    void whatNobodyAsksForIsForgottenAfterADay() {
        answer(3600, "a");
        for (int i = 0; i < 24; i++) {
            pass(3600);
            answer(3600, "a");
        }
        assertThat(events).isEmpty();
        pass(3600);
        assertThat(events).containsExactly("forgotten");
    }

    @Test
    void whereFilesHaveChangedItIsAskedForAtOnce() {
        answer(3600, "a");
        name.renew();
        pass(0);
        assertThat(questions).hasSize(2);
        name.renew();
        pass(0);
        assertThat(questions).as("one after the other").hasSize(2);
        answer(10, "old");
        assertThat(questions).hasSize(3);
        answer(10, "new");
        assertThat(name.answer().join()).containsExactly("new");
        pass(9);
        assertThat(questions).hasSize(3);
        pass(1);
        assertThat(questions).hasSize(4);
    }
}
