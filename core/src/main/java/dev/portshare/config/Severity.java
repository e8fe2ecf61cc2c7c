package dev.portshare.config;

/** What becomes of a file in which a problem was found. */
public enum Severity {
    /** It cannot be obeyed. */
    ERROR("error"),
    /** It can, but what was found in it is surely not meant. */
    WARNING("warning"),
    /** It can, and it may be meant: what to know about it. */
    ADVICE("advice");

    private final String word;

    Severity(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
