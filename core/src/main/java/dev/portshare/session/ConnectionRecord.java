package dev.portshare.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is left of a connection when it has ended. What the client chose (serverName, applicationProtocols) is as it came:
 * escape it before it is shown.
 *
 * @param id                   unique in this process
 * @param client               who connected, or whom a proxy names; null for a client on a Unix-domain socket
 * @param local                the address that the client connected to; null where unknown
 * @param protocol             the detector's name, {@code unrecognised}, {@code silent}; null where it ended undecided
 * @param route                the route's name; null where none was chosen
 * @param backend              the backend as the configuration writes it; null where there is none
 * @param standIn              the address that stands for the client towards the backend; null where none does
 * @param in                   bytes from client to backend, the head included
 * @param out                  bytes from backend to client
 * @param headNanos            from accept to the decision; -1 where undecided
 * @param connectNanos         from the decision to the connected backend; -1 where never connected
 * @param nanos                from accept to the end
 */
public record ConnectionRecord(
        long id,
        @Nullable Endpoint client,
        @Nullable Endpoint local,
        @Nullable String protocol,
        @Nullable String serverName,
        List<String> applicationProtocols,
        @Nullable String route,
        @Nullable String backend,
        @Nullable Endpoint standIn,
        long in,
        long out,
        long headNanos,
        long connectNanos,
        long nanos,
        CloseReason close) {}
