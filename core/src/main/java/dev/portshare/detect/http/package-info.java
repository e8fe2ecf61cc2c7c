/** The head of an HTTP/1 request, as far as routing needs it: its host; pure. */
@NullMarked
package dev.portshare.detect.http;

import org.jspecify.annotations.NullMarked;
