package dev.portshare.cli;

/** What the program's exit codes mean. */
final class ExitCode {
    /** Served and was asked to stop, or nothing wrong. */
    static final int OK = 0;
    /** Could not start, or broke. */
    static final int FAILED = 1;
    /** The command line or the route file is wrong. */
    static final int USAGE = 2;

    private ExitCode() {}
}
