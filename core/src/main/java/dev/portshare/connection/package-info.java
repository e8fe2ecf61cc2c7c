/** One event loop, the sockets of its connections, their events and their deadlines. */
@NullMarked
package dev.portshare.connection;

import org.jspecify.annotations.NullMarked;
