package dev.portshare.detect.openvpn;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a client of a build with the XOR patch sends: step by step over the whole packet, as the patch goes, and not backwards. */
final class Scrambling {
    private Scrambling() {}

    /** A packet behind its length, which stays as it is, and whatever follows it. */
    static byte[] of(String option, byte[] head) {
        String[] words = option.split(" ");
        byte[] key = words.length > 1 ? words[1].getBytes(StandardCharsets.UTF_8) : new byte[0];
        byte[] sent = head.clone();
        int end = 2 + (((head[0] & 0xFF) << 8) | (head[1] & 0xFF));
        byte[] packet = Arrays.copyOfRange(head, 2, end);
        switch (words[0]) {
            case "xormask" -> mask(packet, key);
            case "xorptrpos" -> positions(packet);
            case "reverse" -> reverse(packet);
            default -> {
                positions(packet);
                reverse(packet);
                positions(packet);
                mask(packet, key);
            }
        }
        System.arraycopy(packet, 0, sent, 2, packet.length);
        return sent;
    }

    private static void mask(byte[] packet, byte[] key) {
        for (int i = 0; i < packet.length; i++) {
            packet[i] ^= key[i % key.length];
        }
    }

    private static void positions(byte[] packet) {
        for (int i = 0; i < packet.length; i++) {
            packet[i] ^= (byte) (i + 1);
        }
    }

    private static void reverse(byte[] packet) {
        for (int low = 1, high = packet.length - 1; low < high; low++, high--) {
            byte swapped = packet[low];
            packet[low] = packet[high];
            packet[high] = swapped;
        }
    }
}
