/** Moves bytes both ways between client and backend until both directions have ended. */
@NullMarked
package dev.portshare.splice;

import org.jspecify.annotations.NullMarked;
