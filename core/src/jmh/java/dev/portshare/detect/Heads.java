package dev.portshare.detect;

import java.nio.ByteBuffer;
import java.util.List;

/** Recorded heads of one kind, in turn, each as the event loop has it: in memory outside the heap, seen through a view of its own. */
public final class Heads {
    private final ByteBuffer[] heads;
    private int next;

    private Heads(List<byte[]> heads) {
        this.heads = heads.stream()
                .map(head -> ByteBuffer.allocateDirect(head.length).put(head).flip())
                .toArray(ByteBuffer[]::new);
        if (this.heads.length == 0) {
            throw new IllegalArgumentException("the corpus has no such head");
        }
    }

    /** The heads of a kind, which is a word in the corpus' column {@code protocol}. */
    static Heads ofKind(String kind) {
        return new Heads(Corpus.all().stream()
                .filter(entry -> entry.protocol().equals(kind))
                .map(Corpus.Entry::bytes)
                .toList());
    }

    /** The whole heads that {@code detector} matches. */
    static Heads matchedBy(Detector detector) {
        return new Heads(Corpus.all().stream()
                .map(Corpus.Entry::bytes)
                .filter(head -> detector.detect(ByteBuffer.wrap(head)) instanceof Detection.Match)
                .toList());
    }

    /** One file of the corpus. */
    public static Heads ofFile(String file) {
        return new Heads(List.of(Corpus.bytes(file)));
    }

    /** The next one. */
    public ByteBuffer next() {
        ByteBuffer head = heads[next];
        next = next + 1 == heads.length ? 0 : next + 1;
        return head.asReadOnlyBuffer();
    }
}
