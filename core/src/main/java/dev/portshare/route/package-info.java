/** Chooses what to do with what is known of a connection; pure. */
@NullMarked
package dev.portshare.route;

import org.jspecify.annotations.NullMarked;
