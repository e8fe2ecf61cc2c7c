/** Turns connection records into log lines. */
@NullMarked
package dev.portshare.telemetry;

import org.jspecify.annotations.NullMarked;
