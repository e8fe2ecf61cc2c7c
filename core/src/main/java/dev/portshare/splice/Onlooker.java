package dev.portshare.splice;

import java.nio.ByteBuffer;

/** Is shown what a client sends, while it goes to the backend all the same. */
@FunctionalInterface
public interface Onlooker {
    /** The next bytes, which are the caller's again afterwards; whether more is wanted. */
    boolean see(ByteBuffer bytes);
}
