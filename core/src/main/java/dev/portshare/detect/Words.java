package dev.portshare.detect;

import static dev.portshare.detect.ByteReader.require;

/** A few words of ASCII, with one of which a head must begin. */
public final class Words {
    private final String[] sorted;
    /** Set in every byte before it is compared: 0x20 makes a letter small. */
    private final int fold;

    private Words(int fold, String... sorted) {
        this.sorted = sorted;
        this.fold = fold;
    }

    /** Of {@code sorted} words, as they are written; the words may not have control characters or blanks. */
    public static Words of(String... sorted) {
        return new Words(0, sorted);
    }

    /** The same in any case; these words may have nothing but capitals. */
    static Words ofAnyCase(String... sorted) {
        return new Words(0x20, sorted);
    }

    /**
     * Reads a word that begins with {@code first}, which was just read, and the blank or control character behind it, which is
     * then {@link ByteReader#last}.
     *
     * @throws ByteReader.Stop NO_MATCH with the first byte with which none of the words goes on
     */
    public String read(ByteReader in, int first) {
        int from = 0; // of the words that begin with what was read, which stand together
        int to = sorted.length;
        int c = first;
        for (int i = 0; ; i++) {
            if (c <= ' ') {
                require(i > 0 && sorted[from].length() == i); // the shortest stands first
                return sorted[from];
            }
            while (from < to && compare(sorted[from], i, c) < 0) {
                from++;
            }
            int end = from;
            while (end < to && compare(sorted[end], i, c) == 0) {
                end++;
            }
            to = end;
            require(from < to);
            c = in.next();
        }
    }

    private int compare(String word, int i, int c) {
        return i == word.length() ? -1 : (word.charAt(i) | fold) - (c | fold);
    }
}
