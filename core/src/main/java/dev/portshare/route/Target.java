package dev.portshare.route;

/** What becomes of a connection that a route takes. */
public sealed interface Target {
    /**
     * Reads {@code reject} or a backend.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    static Target parse(String text) {
        return text.equals(Reject.WORD) ? new Reject() : new Forward(Backend.parse(text));
    }

    /** The notation, which {@link #parse} reads. */
    @Override
    String toString();

    /** It is spliced to a backend. */
    record Forward(Backend backend) implements Target {
        @Override
        public String toString() {
            return backend.toString();
        }
    }

    /** It is closed at once. */
    record Reject() implements Target {
        private static final String WORD = "reject";

        @Override
        public String toString() {
            return WORD;
        }
    }
}
