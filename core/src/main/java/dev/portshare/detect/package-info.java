/** Tells which protocol the first bytes of a connection begin; pure: bytes in, a {@link Detection} out. */
@NullMarked
package dev.portshare.detect;

import org.jspecify.annotations.NullMarked;
