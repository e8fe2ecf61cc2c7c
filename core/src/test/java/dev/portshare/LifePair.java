package dev.portshare;

import dev.portshare.session.CloseReason;
import java.util.EnumSet;
import java.util.Set;

/** Two events that meet a connection in one turn of its event loop: either may be the first that it hears of. */
final class LifePair {
    private LifePair() {}

    /** How a connection may end that meets both; empty: it cannot meet both, or {@code two} and {@code one} are the same. */
    static Set<CloseReason> ends(LifeModel model, LifeEvent one, LifeEvent two) {
        Set<CloseReason> ends = EnumSet.noneOf(CloseReason.class);
        boolean ordered = one.isOfPeer() && two.isOfPeer();
        if (!model.allows(one)
                || !model.allows(two)
                || one == two
                || !ordered && one.ordinal() > two.ordinal()
                || isAfterTheEnd(one, two)) {
            return ends;
        }
        boolean samePeer = ordered && one.isOfClient() == two.isOfClient();
        if (!samePeer) {
            add(ends, model, two, one);
        } else if (!model.after(one).allows(two)) {
            return ends;
        }
        add(ends, model, one, two);
        return ends;
    }

    /** What has been closed is asked for nothing more. */
    private static boolean isAfterTheEnd(LifeEvent one, LifeEvent two) {
        return one.isOfProgram() && two.isOfProgram() && (one == LifeEvent.STOP || two == LifeEvent.STOP);
    }

    private static void add(Set<CloseReason> ends, LifeModel model, LifeEvent first, LifeEvent second) {
        LifeModel then = model.after(first);
        // A backend that was given up is heard no more; a process that has handed it on does nothing to it.
        boolean isElsewhere = second.isOfBackend()
                && (then.toOther != model.toOther
                        || first == LifeEvent.HAND_ON && model.stage != LifeModel.Stage.SPLICED);
        boolean isTooLate = first == LifeEvent.HAND_ON && !second.isOfPeer();
        if (isElsewhere || isTooLate || !then.allows(second)) {
            ends.add(LifeOrder.end(then));
        }
        if (!isElsewhere && then.allows(second)) {
            ends.add(LifeOrder.end(then.after(second)));
        }
    }
}
