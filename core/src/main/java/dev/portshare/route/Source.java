package dev.portshare.route;

/** Which address a backend sees a connection come from, where that is not left to the kernel. */
public sealed interface Source {
    /**
     * Reads {@code transparent}, {@code mapped}, an address or a range of addresses.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    static Source parse(String text) {
        return switch (text) {
            case Transparent.WORD -> new Transparent();
            case Mapped.WORD -> new Mapped();
            default -> new Own(own(text));
        };
    }

    private static AddressRange own(String text) {
        if (text.matches("[A-Za-z]+")) {
            throw new IllegalArgumentException("\"" + text + "\" is no source; write transparent, mapped, an address of"
                    + " this machine or a range of them");
        }
        return AddressRange.parse(text);
    }

    /** The notation, which {@link #parse} reads. */
    @Override
    String toString();

    /** The client's own address and port. */
    record Transparent() implements Source {
        static final String WORD = "transparent";

        @Override
        public String toString() {
            return WORD;
        }
    }

    /** An address of this machine that stands for the client's, and for no other's: {@link Mapping}. */
    record Mapped() implements Source {
        static final String WORD = "mapped";

        @Override
        public String toString() {
            return WORD;
        }
    }

    /** Addresses of this machine, by turns. */
    record Own(AddressRange addresses) implements Source {
        @Override
        public String toString() {
            return addresses.toString();
        }
    }
}
