package dev.portshare.detect;

/**
 * A row in the table of detectors.
 *
 * @param name     the word in {@code protocol:} conditions, in the log, and of the command-line option
 * @param detector who decides
 * @param backend  what the option's help says stands behind it, such as "an OpenVPN server (TCP)"
 */
public record NamedDetector(String name, Detector detector, String backend) {}
