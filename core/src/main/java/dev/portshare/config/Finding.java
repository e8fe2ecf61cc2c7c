package dev.portshare.config;

/**
 * What is worth knowing of a configuration that can be obeyed.
 *
 * @param path    its place in a route file, such as {@code routes[2].when.sni[0]}
 * @param message what is found; what to write instead
 */
public record Finding(Severity severity, String path, String message) {}
