/** The program's log: lines from any thread, in one order, written by a thread that nothing waits for. */
@NullMarked
package dev.portshare.cli.log;

import org.jspecify.annotations.NullMarked;
