/** What is known of one connection, and how it ended; pure. */
@NullMarked
package dev.portshare.session;

import org.jspecify.annotations.NullMarked;
