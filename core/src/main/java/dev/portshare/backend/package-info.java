/** Turns a backend into a connected socket without blocking an event loop. */
@NullMarked
package dev.portshare.backend;

import org.jspecify.annotations.NullMarked;
