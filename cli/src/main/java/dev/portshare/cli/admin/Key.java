package dev.portshare.cli.admin;

/**
 * A key that was pressed, or something else that happened to the terminal.
 *
 * @param character what it writes; 0 for {@code name}
 * @param name      what it is called, where it writes nothing; else empty
 */
public record Key(char character, String name) {
    static final int ESCAPE_BYTE = 27;

    static final Key NONE = named("none");
    static final Key UP = named("up");
    static final Key DOWN = named("down");
    static final Key LEFT = named("left");
    static final Key RIGHT = named("right");
    static final Key PAGE_UP = named("page up");
    static final Key PAGE_DOWN = named("page down");
    static final Key HOME = named("home");
    static final Key BOTTOM = named("end key");
    static final Key ENTER = named("enter");
    static final Key ESCAPE = named("escape");
    static final Key BACKSPACE = named("backspace");
    static final Key TAB = named("tab");
    /** The terminal has another size. */
    static final Key RESIZED = named("resized");
    /** Nobody types any more. */
    static final Key END = named("end");

    private static Key named(String name) {
        return new Key('\0', name);
    }

    static Key of(char character) {
        return switch (character) {
            case '\r', '\n' -> ENTER;
            case '\t' -> TAB;
            case 8, 127 -> BACKSPACE;
            case ESCAPE_BYTE -> ESCAPE;
            case 4 -> END;
            default -> character >= ' ' && character < 127 ? new Key(character, "") : NONE;
        };
    }

    /** By what follows its introducer (ECMA-48, xterm). */
    static Key ofSequence(String sequence) {
        return switch (sequence) {
            case "A" -> UP;
            case "B" -> DOWN;
            case "C" -> RIGHT;
            case "D" -> LEFT;
            case "H", "1~", "7~" -> HOME;
            case "F", "4~", "8~" -> BOTTOM;
            case "5~" -> PAGE_UP;
            case "6~" -> PAGE_DOWN;
            default -> NONE;
        };
    }
}
