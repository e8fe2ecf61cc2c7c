package dev.portshare.dns;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** How it is found out what is behind a name. */
@FunctionalInterface
public interface Question<T> {
    /**
     * Asks; never blocks. It fails with a {@link java.net.UnknownHostException}.
     *
     * @param known what was found last, empty at first: part of it may be answered again where that part cannot be found out now
     */
    CompletionStage<Answer<T>> ask(List<T> known);
}
