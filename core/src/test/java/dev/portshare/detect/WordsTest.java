package dev.portshare.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void tellsWordsApartThatBeginAlike() {
        Words words = Words.of("UP", "UPDATE", "UPDATER", "UPPER");
        for (String word : new String[] {"UP", "UPDATE", "UPDATER", "UPPER"}) {
            assertThat(read(words, word + " ")).isEqualTo(word);
        }
        for (String other : new String[] {"U ", " ", "UPD\n", "UPX ", "up ", "UPDATERS "}) {
            assertThatThrownBy(() -> read(words, other)).isInstanceOf(ByteReader.Stop.class);
        }
    }

    @Test
    void mayIgnoreCase() {
        Words words = Words.ofAnyCase("PING", "PONG");
        assertThat(read(words, "pOnG\r")).isEqualTo("PONG");
        assertThat(read(words, "ping ")).isEqualTo("PING");
        assertThatThrownBy(() -> read(words, "p\u000fng ")).isInstanceOf(ByteReader.Stop.class);
    }

    private static String read(Words words, String head) {
        ByteReader in = new ByteReader(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)));
        return words.read(in, in.next());
    }
}
