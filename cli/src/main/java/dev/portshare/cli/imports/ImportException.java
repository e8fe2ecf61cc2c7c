package dev.portshare.cli.imports;

/** A file that cannot be imported, and where it is wrong. */
public final class ImportException extends Exception {
    private static final long serialVersionUID = 1;

    private final int line;
    private final int column;

    /**
     * Of a place in the file.
     *
     * @param message what is wrong; what to do instead
     */
    ImportException(Word at, String message) {
        super(message);
        this.line = at.line();
        this.column = at.column();
    }

    /** Of the file as a whole. */
    ImportException(String message) {
        super(message);
        this.line = 0;
        this.column = 0;
    }

    /** From 1; 0 where the file as a whole is meant. */
    public int line() {
        return line;
    }

    /** From 1; 0 where the file as a whole is meant. */
    public int column() {
        return column;
    }
}
