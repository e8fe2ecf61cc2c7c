package dev.portshare.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection at one moment of its life. What the client chose (serverName, applicationProtocols) is as it came: escape it
 * before it is shown.
 *
 * @param id        unique in this process
 * @param client    who connected, or whom a proxy names; null for a client on a Unix-domain socket
 * @param listener  the listening address as the configuration writes it
 * @param protocol  as in {@link ConnectionRecord}; null where it is not decided yet
 * @param route     the route's name; null where none is chosen yet
 * @param backend   the backend as the configuration writes it; null where there is none yet
 * @param standIn   the address that stands for the client towards the backend; null where none does
 * @param connected whether the backend has accepted
 * @param in        bytes from client to backend so far, the head included
 * @param out       bytes from backend to client so far
 * @param nanos     since accept
 */
public record LiveConnection(
        long id,
        @Nullable Endpoint client,
        String listener,
        @Nullable String protocol,
        @Nullable String serverName,
        List<String> applicationProtocols,
        @Nullable String route,
        @Nullable String backend,
        @Nullable Endpoint standIn,
        boolean connected,
        long in,
        long out,
        long nanos) {}
