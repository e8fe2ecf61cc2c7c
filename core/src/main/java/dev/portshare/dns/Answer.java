package dev.portshare.dns;

import java.time.Duration;
import java.util.List;

/**
 * What is behind a name.
 *
 * @param found empty: it is known that there is nothing
 * @param ttl   how long that holds
 */
public record Answer<T>(List<T> found, Duration ttl) {}
