package dev.portshare;

import dev.portshare.session.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one connection, event after event, as docs/architecture.md and docs/configuration.md have it: written without
 * a look at how it is done, so that both can be held against each other.
 */
final class LifeModel implements Cloneable {
    /** What a backend does when it is connected to. */
    enum Backend {
        ACCEPTS,
        REFUSES,
        NEVER_ANSWERS
    }

    enum Stage {
        HEAD,
        CONNECTING,
        SPLICED,
        ENDED
    }

    final boolean early;
    final Backend backend;
    Stage stage = Stage.HEAD;
    int partial;
    /** Whether there is a backend's connection, up or on its way, before the head is decided. */
    boolean earlyAlive;

    boolean decidedByBytes;
    boolean toOther;
    boolean clientFin;
    boolean backendFin;
    boolean reloaded;
    boolean draining;
    boolean handedOn;

    @Nullable
    CloseReason end;

    LifeModel(boolean early, Backend backend) {
        this.early = early;
        this.backend = backend;
        beginEarly();
    }

    private LifeModel copy() {
        try {
            return (LifeModel) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    private void beginEarly() {
        earlyAlive = early && partial == 0 && backend != Backend.REFUSES;
    }

    /** Whether the backend has a connection that it can use. */
    boolean hasServer() {
        return stage == Stage.SPLICED || stage == Stage.HEAD && earlyAlive && backend == Backend.ACCEPTS;
    }

    /** Whether {@code event} can meet it now. */
    boolean allows(LifeEvent event) {
        boolean head = stage == Stage.HEAD;
        return stage != Stage.ENDED
                && switch (event) {
                    case PARTIAL -> head && partial < 2;
                    case DECIDE -> head;
                    case KEEP -> head && early && partial == 0;
                    case BYTES -> !clientFin && (stage == Stage.SPLICED || stage == Stage.CONNECTING && decidedByBytes);
                    case FIN -> !clientFin;
                    case BACKEND_BYTES, BACKEND_FIN -> hasServer() && !backendFin;
                    case BACKEND_RESET -> hasServer();
                    case HEAD_DUE -> head;
                    case CONNECT_DUE ->
                        backend == Backend.NEVER_ANSWERS && (stage == Stage.CONNECTING || head && earlyAlive);
                    case IDLE_DUE -> stage == Stage.SPLICED;
                    case RELOAD -> !reloaded && !draining;
                    case DRAIN -> !draining;
                    case HAND_ON -> !handedOn;
                    case RESET, KILL, STOP -> true;
                };
    }

    /** The same after {@code event}, which it allows. */
    LifeModel after(LifeEvent event) {
        LifeModel next = copy();
        next.meet(event);
        return next;
    }

    private void meet(LifeEvent event) {
        switch (event) {
            case PARTIAL -> partial++;
            case DECIDE -> {
                decidedByBytes = true;
                decide(early);
            }
            case KEEP -> {
                decidedByBytes = true;
                decide(false);
            }
            case FIN -> {
                clientFin = true;
                if (stage == Stage.HEAD) {
                    decide(false);
                } else if (backendFin) {
                    end(CloseReason.COMPLETED);
                }
            }
            case BACKEND_FIN -> {
                backendFin = true;
                if (stage == Stage.HEAD) {
                    decide(false);
                } else if (clientFin) {
                    end(CloseReason.COMPLETED);
                }
            }
            case HEAD_DUE -> decide(false);
            case CONNECT_DUE -> {
                if (stage == Stage.CONNECTING) {
                    end(CloseReason.BACKEND_TIMEOUT);
                } else {
                    earlyAlive = false;
                }
            }
            case IDLE_DUE -> end(clientFin || backendFin ? CloseReason.HALF_CLOSED : CloseReason.IDLE);
            case RESET -> end(CloseReason.CLIENT_RESET);
            case BACKEND_RESET -> end(CloseReason.BACKEND_RESET);
            case KILL -> end(CloseReason.KILLED);
            case STOP -> end(CloseReason.STOPPED);
            case RELOAD -> reloaded = true;
            case DRAIN -> draining = true;
            case HAND_ON -> handOn();
            case BYTES, BACKEND_BYTES -> {}
        }
    }

    private void decide(boolean other) {
        toOther = other;
        boolean kept = earlyAlive && !other;
        earlyAlive = kept;
        switch (backend) {
            case ACCEPTS -> stage = Stage.SPLICED;
            case NEVER_ANSWERS -> stage = Stage.CONNECTING;
            case REFUSES -> end(CloseReason.BACKEND_REFUSED);
        }
    }

    /** What has no backend yet begins anew with what the client has sent. */
    private void handOn() {
        handedOn = true;
        draining = false;
        reloaded = false;
        if (stage == Stage.CONNECTING && !clientFin && !decidedByBytes) {
            stage = Stage.HEAD;
        }
        if (stage == Stage.HEAD) {
            beginEarly();
        }
    }

    private void end(CloseReason reason) {
        end = reason;
        stage = Stage.ENDED;
    }
}
