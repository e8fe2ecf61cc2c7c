/** The TLS ClientHello, as far as routing needs it: server name and ALPN; pure. */
@NullMarked
package dev.portshare.detect.tls;

import org.jspecify.annotations.NullMarked;
