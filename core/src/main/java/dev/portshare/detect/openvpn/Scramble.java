package dev.portshare.detect.openvpn;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the unofficial XOR patch of OpenVPN does to each packet, under the words of its option {@code scramble}. On TCP the length
 * in front stays in the clear: {@code link_socket_write} scrambles the packet before it puts the length there. Source:
 * Tunnelblick, third_party/sources/openvpn/openvpn-2.4.2/patches, 03 (option), 05 (functions) and 06 (order).
 */
public final class Scramble {
    /** OpenVPN as it is. */
    static final Scramble NONE = new Scramble(Method.NONE, new byte[0]);

    private static final String REMEDY =
            "; write what stands behind \"scramble\" there: xormask KEY, xorptrpos, reverse or obfuscate KEY";
    /** The longest word that OpenVPN reads (OPTION_PARM_SIZE, with its terminating zero). */
    private static final int MAX_KEY = 255;

    private final Method method;
    /** The mask; empty where the method has none. */
    private final byte[] key;

    private Scramble(Method method, byte[] key) {
        this.method = method;
        this.key = key;
    }

    /** The words of the option, and no scramble at all. */
    private enum Method {
        NONE,
        /** Each byte XOR the key's. */
        XORMASK,
        /** Each byte XOR its place, counted from 1. */
        XORPTRPOS,
        /** All bytes but the first, the last one first. */
        REVERSE,
        /** XORPTRPOS, REVERSE, XORPTRPOS, XORMASK. */
        OBFUSCATE
    }

    /**
     * Reads {@code obfuscate KEY}, {@code xormask KEY}, {@code xorptrpos} or {@code reverse}.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    public static Scramble parse(String text) {
        int blank = text.indexOf(' ');
        String word = blank < 0 ? text : text.substring(0, blank);
        String rest = blank < 0 ? "" : text.substring(blank).strip();
        return switch (word) {
            case "xormask" -> new Scramble(Method.XORMASK, key(word, rest));
            case "obfuscate" -> new Scramble(Method.OBFUSCATE, key(word, rest));
            case "xorptrpos" -> keyless(Method.XORPTRPOS, word, rest);
            case "reverse" -> keyless(Method.REVERSE, word, rest);
            // OpenVPN takes any other word alone for a mask; here it is more often a slip.
            default ->
                throw new IllegalArgumentException("no scramble \"" + word + "\""
                        + (rest.isEmpty() ? "; if it is a key, write xormask " + word : REMEDY));
        };
    }

    private static Scramble keyless(Method method, String word, String rest) {
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("\"" + word + "\" has no key; write it alone");
        }
        return new Scramble(method, NONE.key);
    }

    private static byte[] key(String word, String rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException("\"" + word + "\" needs a key" + REMEDY);
        }
        char quote = rest.charAt(0);
        boolean quoted =
                rest.length() > 2 && (quote == '\'' || quote == '"') && rest.indexOf(quote, 1) == rest.length() - 1;
        String key = quoted ? rest.substring(1, rest.length() - 1) : rest;
        boolean isPlain =
                key.indexOf('\\') < 0 && key.indexOf('"') < 0 && key.indexOf('\'') < 0 && key.indexOf(' ') < 0;
        if (!isPlain && !(quoted && (quote == '\'' || key.indexOf('\\') < 0))) {
            throw new IllegalArgumentException(
                    "the key has a blank, a quote or a backslash in it; write it in single quotes,"
                            + " in which each stands for itself: " + word + " 'KEY'");
        }
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_KEY) {
            throw new IllegalArgumentException("a key of " + bytes.length + " bytes; OpenVPN reads " + MAX_KEY
                    + " at most: write the key that it has");
        }
        return bytes;
    }

    /**
     * The byte of the unscrambled packet at {@code index}, counted from its length field, whose two bytes are in the clear; -1 where
     * it has not come yet. A byte's place says where it was sent: so more bytes never change it.
     *
     * @param length the packet's, behind the field
     */
    int plain(ByteBuffer head, int start, int size, int length, int index) {
        int to = index - ResetLayout.LENGTH_BYTES;
        boolean reversed = (method == Method.REVERSE || method == Method.OBFUSCATE) && to > 0;
        int from = reversed ? length - to : to;
        if (to >= length || from + ResetLayout.LENGTH_BYTES >= size) {
            return -1;
        }
        int sent = head.get(start + ResetLayout.LENGTH_BYTES + from) & 0xFF;
        if (method == Method.NONE || method == Method.REVERSE) {
            return sent; // No switch: its table would be loaded with the first client.
        }
        if (method == Method.XORPTRPOS) {
            return sent ^ place(to);
        }
        int unmasked = sent ^ (key[from % key.length] & 0xFF);
        return method == Method.XORMASK ? unmasked : unmasked ^ place(from) ^ place(to);
    }

    private static int place(int at) {
        return (at + 1) & 0xFF;
    }
}
