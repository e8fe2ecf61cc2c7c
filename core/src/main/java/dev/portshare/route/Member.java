package dev.portshare.route;

/**
 * One of the backends of a route.
 *
 * @param weight how much it gets in proportion to the others, 1 to {@link #MOST}
 * @param backup whether it gets something only while none of the others can be had
 */
public record Member(Backend backend, int weight, boolean backup) {
    /** The largest weight. */
    public static final int MOST = 100;

    public Member {
        if (weight < 1 || weight > MOST) {
            throw new IllegalArgumentException("a weight of " + weight + "; write one from 1 to " + MOST);
        }
    }

    /** One like any other. */
    public Member(Backend backend) {
        this(backend, 1, false);
    }
}
