package dev.portshare.dns;

/**
 * An SRV record, RFC 2782.
 *
 * @param target a name that ends with a dot; {@link #NOWHERE}: the service is not there
 */
public record ServiceRecord(String target, int port, int priority, int weight) {
    static final String NOWHERE = ".";
}
