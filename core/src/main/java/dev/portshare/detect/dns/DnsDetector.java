package dev.portshare.detect.dns;

import static dev.portshare.detect.ByteReader.require;

import dev.portshare.detect.ByteReader;
import dev.portshare.detect.Detection;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.SequentialDetector;

/**
 * Recognises a DNS client over TCP by its first message, whole: a query, zone transfers among them, a notification or an
 * update. Source: RFC 1035, 4; RFC 7766, 8; RFC 1995; RFC 1996; RFC 2136.
 */
public final class DnsDetector extends SequentialDetector {
    private static final Detection MATCH = Detection.Match.of(Detectors.DNS);
    private static final int HEADER = 12;
    /** Question or zone, with the root as its name. */
    private static final int MIN_QUESTION = 1 + 4;

    private static final int MAX_QUESTION = MessageReader.MAX_NAME + 4;
    /** The longest message read. The format allows 65,535 bytes; a query needs a few hundred, whatever is in it. */
    private static final int MAX_LENGTH = 1023;

    private static final int QUERY = 0;
    private static final int NOTIFY = 4 << 3;
    private static final int UPDATE = 5 << 3;
    private static final int RECURSION_DESIRED = 0x01;
    private static final int AUTHORITATIVE = 0x04;
    /** Authentic data, checking disabled. */
    private static final int DNSSEC = 0x20 | 0x10;
    /** How many records a query may have in its sections: no answer; of IXFR a SOA; OPT and a signature. */
    private static final int[] QUERY_RECORDS = {0, 1, 2};

    @Override
    protected Detection read(ByteReader in) {
        int length = in.number(2, HEADER + MIN_QUESTION, MAX_LENGTH);
        require(length != HEADER + MIN_QUESTION + 1); // no name is two bytes long
        in.skip(2); // id
        int operation = in.next() & ~RECURSION_DESIRED;
        require(operation == QUERY || operation == UPDATE || (operation & ~AUTHORITATIVE) == NOTIFY);
        require((in.next() & ~DNSSEC) == 0);
        in.pass("\0\1"); // one question
        int spare = length - HEADER - MIN_QUESTION;
        int records = 0;
        for (int section = 0; section < 3; section++) {
            // Without a record the question fills the message.
            boolean needed = section == 2 && records == 0 && length > HEADER + MAX_QUESTION;
            int room = spare / MessageReader.MIN_RECORD;
            int count =
                    in.number(2, needed ? 1 : 0, operation == QUERY ? Math.min(room, QUERY_RECORDS[section]) : room);
            spare -= count * MessageReader.MIN_RECORD;
            records += count;
        }
        MessageReader message = new MessageReader(in, HEADER, spare);
        message.question(records == 0);
        for (int i = 1; i <= records; i++) {
            message.record(i == records);
        }
        return MATCH;
    }
}
