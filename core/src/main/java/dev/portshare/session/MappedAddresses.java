package dev.portshare.session;

import org.jspecify.annotations.Nullable;

/** The addresses that stand for clients', as an operator asks for them; on any thread. */
public interface MappedAddresses {
    /**
     * One of them.
     *
     * @param client      its port is 0; null for the one that clients share where all others are in use
     * @param address     IPv4; its port is 0
     * @param connections how many live connections come from it
     * @param isFixed     whether the configuration names it for this client
     * @param nanos       how long it is remembered still; -1 where it has connections, or is remembered for ever
     */
    record Mapped(@Nullable Endpoint client, Endpoint address, int connections, boolean isFixed, long nanos) {}

    /**
     * How many there are.
     *
     * @param inUse  those with connections
     * @param idle   those that are remembered
     * @param shared how many connections got the shared one
     */
    record Counts(int inUse, int idle, long shared) {}

    Counts counts();

    /** What stands for {@code client}, whose port says nothing; null: nothing. */
    @Nullable
    Mapped of(Endpoint client);

    /** What {@code address}, whose port says nothing, stands for; null: nobody. */
    @Nullable
    Mapped at(Endpoint address);
}
