/** Reads PROXY headers, by which a proxy says whose connection it hands on; pure. */
@NullMarked
package dev.portshare.detect.proxy;

import org.jspecify.annotations.NullMarked;
