package dev.portshare.dns;

import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one name. Whoever asks first waits for the answer; from then on it is there at once, and is renewed whenever its time
 * is over, asked for or not: so nobody gets one that was true an hour ago. What was found stays while nobody can be asked. Where the name
 * is said to be gone, it stays for {@link #DENIED}: a zone may be in the making, a container be started anew.
 */
public final class Known<T> {
    static final Duration SHORTEST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofHours(1);
    /** How long a failure is told before somebody is asked anew: so thousands of connections are one question. */
    static final Duration FAILED = Duration.ofSeconds(1);

    static final Duration DENIED = Duration.ofSeconds(30);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** What nobody has asked for so long is forgotten: it may stand in no route any more. */
    static final Duration UNASKED = Duration.ofDays(1);

    /** Who has it. */
    public interface Owner {
        /** A renewal failed; what was found stays. */
        void troubled(UnknownHostException why);

        /** It will not be renewed any more: whoever asks next has to begin anew. */
        void forgotten();
    }

    private final Question<T> question;
    private final Turns turns;
    private final Owner owner;
    private volatile CompletableFuture<List<T>> answer = new CompletableFuture<>();
    private volatile long asked;

    // What follows belongs to the turns.
    private @Nullable List<T> found;
    private boolean asking;
    private boolean again;
    private boolean over;
    private int failures;
    private boolean denied;
    private long deniedSince;
    private int plan;

    /** Asks for the first time. */
    public Known(Question<T> question, Turns turns, Owner owner) {
        this.question = question;
        this.turns = turns;
        this.owner = owner;
        this.asked = turns.nanoTime();
        renew();
    }

    /** What is behind the name, never empty; where nothing changed, the very list that was returned before. From any thread. */
    public CompletableFuture<List<T>> answer() {
        asked = turns.nanoTime();
        return answer;
    }

    /** Asks again now, since answers may have become others. From any thread. */
    public void renew() {
        turns.after(Duration.ZERO, this::ask);
    }

    private void ask() {
        plan++;
        if (over) {
            return;
        }
        if (asking) {
            again = true;
            return;
        }
        asking = true;
        stage().whenComplete((told, error) -> turns.after(Duration.ZERO, () -> told(told, error)));
    }

    @SuppressWarnings("IllegalCatch") // whatever it is, connections must go on with what is known
    private CompletionStage<Answer<T>> stage() {
        try {
            return question.ask(found == null ? List.of() : found);
        } catch (Throwable e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void told(@Nullable Answer<T> told, @Nullable Throwable error) {
        asking = false;
        Duration next = told == null ? failed(unknown(Objects.requireNonNull(error))) : renewed(told);
        if (again && !over) {
            again = false;
            ask();
        } else {
            int own = ++plan;
            turns.after(next, () -> {
                if (plan == own) {
                    due();
                }
            });
        }
    }

    private void due() {
        if (over || turns.nanoTime() - asked > UNASKED.toNanos()) {
            over = true;
            owner.forgotten();
        } else {
            ask();
        }
    }

    private Duration renewed(Answer<T> told) {
        failures = 0;
        denied = false;
        if (!told.found().equals(found)) {
            found = told.found();
            if (found.isEmpty()) {
                publish(CompletableFuture.failedFuture(new NotThereException("said to be nowhere")));
            } else {
                publish(CompletableFuture.completedFuture(found));
            }
        }
        return bounded(told.ttl(), LONGEST);
    }

    private Duration failed(UnknownHostException why) {
        if (!(why instanceof NotThereException)) {
            denied = false;
        } else if (!denied) {
            denied = true;
            deniedSince = turns.nanoTime();
        }
        if (found == null || denied && turns.nanoTime() - deniedSince >= DENIED.toNanos()) {
            over = true;
            publish(CompletableFuture.failedFuture(why));
            return FAILED;
        }
        owner.troubled(why);
        Duration pause = bounded(SHORTEST.multipliedBy(1L << failures), LONGEST_PAUSE);
        failures = Math.min(failures + 1, 10);
        return pause;
    }

    private static Duration bounded(Duration duration, Duration most) {
        return duration.compareTo(SHORTEST) < 0 ? SHORTEST : duration.compareTo(most) > 0 ? most : duration;
    }

    /** Those who wait for the first answer get this one. */
    private void publish(CompletableFuture<List<T>> next) {
        CompletableFuture<List<T>> before = answer;
        answer = next;
        if (!before.isDone()) {
            var _ = next.whenComplete((list, error) -> {
                if (error == null) {
                    before.complete(list);
                } else {
                    before.completeExceptionally(error);
                }
            });
        }
    }

    private static UnknownHostException unknown(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof UnknownHostException unknown) {
            return unknown;
        }
        UnknownHostException unknown = new UnknownHostException(cause.toString());
        unknown.initCause(cause);
        return unknown;
    }
}
