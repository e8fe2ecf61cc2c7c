package dev.portshare.detect.own;

import java.nio.ByteBuffer;

/**
 * The bytes of a head, one char each (ISO 8859-1), and how far a matcher read them. Nothing is copied.
 *
 * <p>Behind the bytes stands, where it is wanted, {@link #PADDING}: RE2/J reads two characters ahead of the one that it
 * looks at, and stops where no way to match is left. So it reads the third behind the bytes if, and only if, more bytes could
 * still make it match.
 */
final class ArrivedText implements CharSequence {
    private static final int PADDING = 3;

    private final ByteBuffer head;
    private final int start;
    private final int size;
    private final int length;
    private int furthest = -1;

    /** The first {@code size} bytes of {@code head}. */
    ArrivedText(ByteBuffer head, int size, boolean padded) {
        this.head = head;
        this.size = size;
        start = head.position();
        length = padded ? size + PADDING : size;
    }

    /** Whether it was read to the end of the padding. */
    boolean wasReadThrough() {
        return furthest == size + PADDING - 1;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        furthest = Math.max(furthest, index);
        return index < size ? (char) (head.get(start + index) & 0xFF) : 0;
    }

    @Override
    public CharSequence subSequence(int from, int to) {
        return toString().substring(from, to);
    }

    @Override
    public String toString() {
        return new StringBuilder(length).append(this, 0, length).toString();
    }
}
