package dev.portshare.detect;

/**
 * One of the things that a head which is not decided yet may turn out to be.
 *
 * @param match  the protocol, and what is known of the client
 * @param isOpen whether more may become known of it
 */
public record Possibility(Detection.Match match, boolean isOpen) {}
