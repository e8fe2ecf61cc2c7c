package dev.portshare.cli.log;

import dev.portshare.telemetry.LogFields;
import org.apache.logging.log4j.Level;

/** How a line looks: it is begun, told what it holds, and ended. */
abstract class Layout implements LogFields {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    /** Where the lines are put together, one behind the other. */
    final StringBuilder text;

    Layout(StringBuilder text) {
        this.text = text;
    }

    /** @param millis since 1970 */
    abstract void begin(long millis, Level level);

    abstract void end();

    /** Whether a terminal, or whoever splits the log into lines, could be misled by it. */
    static boolean isControl(char c) {
        return c < ' ' || c >= 0x7f && c < 0xa0;
    }

    /** Appends the two hexadecimal digits of a char below 256. */
    final void appendHex(char c) {
        text.append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
    }
}
