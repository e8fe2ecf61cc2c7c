package dev.portshare.detect.proxy;

/** What the first bytes of a proxy's connection are: a {@link ProxyHeader}, or one of these. */
public sealed interface ProxyReading permits ProxyHeader, ProxyReading.Undecided {
    /** More bytes could still make it a header. */
    ProxyReading NEED_MORE = Undecided.NEED_MORE;
    /** Whatever follows, it is no header. */
    ProxyReading NO_HEADER = Undecided.NO_HEADER;

    /** The two answers that are no header. */
    enum Undecided implements ProxyReading {
        NEED_MORE,
        NO_HEADER
    }
}
