package dev.portshare.cli.log;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/** Local time with its offset, {@code 2026-11-23T07:59:33.789+01:00}; all but the milliseconds is rendered once a second. */
final class Timestamp {
    private long second = Long.MIN_VALUE;
    private String upToSecond = "";
    private String offset = "";

    void append(long millis, StringBuilder line) {
        long ofSecond = Math.floorDiv(millis, 1000L);
        if (ofSecond != second) {
            second = ofSecond;
            OffsetDateTime time =
                    Instant.ofEpochSecond(second).atZone(ZoneId.systemDefault()).toOffsetDateTime();
            // ISO 8601 without its seconds where they are 0: java.time leaves them out, and its formatters start
            // slowly.
            String text = time.toLocalDateTime().toString();
            upToSecond = time.getSecond() == 0 ? text + ":00" : text;
            offset = time.getOffset().getId();
        }
        int milli = Math.floorMod(millis, 1000);
        line.append(upToSecond)
                .append('.')
                .append((char) ('0' + milli / 100))
                .append((char) ('0' + milli / 10 % 10))
                .append((char) ('0' + milli % 10))
                .append(offset);
    }
}
