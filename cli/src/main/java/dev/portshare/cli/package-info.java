/** The command line: {@code run}, {@code check}, {@code explain}, {@code demo}. */
@NullMarked
package dev.portshare.cli;

import org.jspecify.annotations.NullMarked;
