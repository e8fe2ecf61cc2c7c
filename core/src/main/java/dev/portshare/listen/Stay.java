package dev.portshare.listen;

import dev.portshare.connection.Guest;
import org.jspecify.annotations.Nullable;

/** What one connection counts as, until it has ended. On its event loop. */
final class Stay implements Guest {
    private final Crowd crowd;
    private boolean all;
    private boolean common;
    private boolean undecided;
    private @Nullable Count listener;
    private @Nullable Count route;
    private @Nullable Count reserved;
    private Clients.@Nullable Client client;

    Stay(Crowd crowd) {
        this.crowd = crowd;
    }

    /** It counts among all; again: it does already. */
    boolean isIn() {
        return all;
    }

    void in() {
        all = true;
    }

    boolean isCommon() {
        return common;
    }

    void common(boolean common) {
        this.common = common;
    }

    /** Its head is being read. */
    void undecided() {
        undecided = true;
    }

    /** Its head is read no more; again: it was not. */
    void decided() {
        if (undecided) {
            undecided = false;
            crowd.heads.giveBack();
        }
    }

    void at(Count listener) {
        this.listener = listener;
    }

    void of(Clients.Client client) {
        this.client = client;
    }

    /** Whether it counts as one of a client's. */
    boolean isOfSomebody() {
        return client != null;
    }

    void takenBy(Count route) {
        this.route = route;
    }

    void reserved(Count reserved) {
        this.reserved = reserved;
    }

    @Override
    public void left() {
        giveBack();
        crowd.left();
    }

    /** It never came in: nobody has waited for what it took meanwhile. */
    void giveBack() {
        if (client != null) {
            crowd.clients.giveBack(client);
        }
        decided();
        giveBack(route);
        giveBack(reserved);
        giveBack(listener);
        if (common) {
            crowd.common.giveBack();
        }
        if (all) {
            crowd.all.giveBack();
        }
    }

    private static void giveBack(@Nullable Count count) {
        if (count != null) {
            count.giveBack();
        }
    }
}
