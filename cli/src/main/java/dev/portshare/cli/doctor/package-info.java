/** Looks for what on this machine keeps a configuration from working well, and changes nothing. */
@NullMarked
package dev.portshare.cli.doctor;

import org.jspecify.annotations.NullMarked;
