package dev.portshare.config;

import dev.portshare.route.Condition;
import dev.portshare.route.HandshakeTerms;

/** What a route inside of TLS asks: of the handshake, and of the bytes that come behind it. */
record InnerCondition(HandshakeTerms handshake, Condition bytes) {
    static final InnerCondition ANY = new InnerCondition(HandshakeTerms.ANY, Condition.ANY);
}
