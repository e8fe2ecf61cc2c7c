/** What of the operating system neither the JDK nor Netty has a call for. */
@NullMarked
package dev.portshare.os;

import org.jspecify.annotations.NullMarked;
