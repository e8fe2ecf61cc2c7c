/** Asks a backend whether it does what it is there for. */
@NullMarked
package dev.portshare.backend.check;

import org.jspecify.annotations.NullMarked;
