package dev.portshare.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a {@link Session} knows, for another process to go on with: {@link Session#state}, {@link Session#resume}. Times are
 * of {@link System#nanoTime}, which on Linux reads CLOCK_MONOTONIC: the same for every process since the machine's start;
 * {@code Long.MIN_VALUE} stands for what has not happened. The names are as in {@link ConnectionRecord}.
 */
public record SessionState(
        String listener,
        @Nullable Endpoint peer,
        @Nullable String protocol,
        @Nullable String serverName,
        List<String> applicationProtocols,
        @Nullable String route,
        @Nullable String backend,
        long accepted,
        long decided,
        long connected,
        long in,
        long out) {}
