/** Accepts connections, reads their heads under a deadline and a cap, and hands them over. */
@NullMarked
package dev.portshare.listen;

import org.jspecify.annotations.NullMarked;
