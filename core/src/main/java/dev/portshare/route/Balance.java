package dev.portshare.route;

/** Which of a route's backends a connection is led to, of those that can be had. */
public enum Balance {
    /** The next, as often as its weight says. */
    ROUND_ROBIN("round-robin"),
    /** The one with the fewest connections for its weight. */
    LEAST_CONNECTIONS("least-connections"),
    /** The same for the same client, for as long as that can be had. */
    SOURCE_HASH("source-hash"),
    /** The first that can be had, in the order in which they are written. */
    FIRST_ALIVE("first-alive");

    private final String word;

    Balance(String word) {
        this.word = word;
    }

    /**
     * Reads the word for one.
     *
     * @throws IllegalArgumentException saying what to write instead
     */
    public static Balance parse(String word) {
        for (Balance balance : values()) {
            if (balance.word.equals(word)) {
                return balance;
            }
        }
        throw new IllegalArgumentException("\"" + word
                + "\" is no way to choose a backend; write round-robin, least-connections, source-hash or"
                + " first-alive");
    }

    @Override
    public String toString() {
        return word;
    }
}
