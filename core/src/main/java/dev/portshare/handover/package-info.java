/** Gives the live connections of this process to the next one, and takes those of the one before. */
@NullMarked
package dev.portshare.handover;

import org.jspecify.annotations.NullMarked;
