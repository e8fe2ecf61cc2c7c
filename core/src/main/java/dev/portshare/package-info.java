/** Assembles the program: starts it, drains it, ends it. */
@NullMarked
package dev.portshare;

import org.jspecify.annotations.NullMarked;
