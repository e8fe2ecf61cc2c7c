package dev.portshare.cli.doctor;

/**
 * Something that is not as it should be.
 *
 * @param check   what was looked at, one word: {@code port}, {@code backend}
 * @param finding what is wrong
 * @param why     why that matters
 * @param remedy  what to do, with the command that does it; in several lines where it takes several commands
 */
public record Diagnosis(String check, String finding, String why, String remedy) {}
