/** Asks the hosts file, DNS and the system for names, and keeps what they say up to date. */
@NullMarked
package dev.portshare.dns;

import org.jspecify.annotations.NullMarked;
