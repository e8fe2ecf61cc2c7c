package dev.portshare;

/** Is told of each reload, by the thread that does it, one after the other. */
public interface ReloadObserver {
    /** Who does not want to know. */
    ReloadObserver NONE = new ReloadObserver() {
        @Override
        public void begins() {}

        @Override
        public void ended(Reload result) {}
    };

    /** The files are about to be read. */
    void begins();

    /** It is done, or refused, and logged. */
    void ended(Reload result);

    /** Tells {@code other} as well, behind this one. */
    default ReloadObserver and(ReloadObserver other) {
        ReloadObserver first = this;
        return new ReloadObserver() {
            @Override
            public void begins() {
                first.begins();
                other.begins();
            }

            @Override
            public void ended(Reload result) {
                first.ended(result);
                other.ended(result);
            }
        };
    }
}
