/** The first message of a DNS client over TCP; pure. */
@NullMarked
package dev.portshare.detect.dns;

import org.jspecify.annotations.NullMarked;
