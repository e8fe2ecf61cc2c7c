/** TLS by BoringSSL, both ends of it: bytes in, bytes out; it knows no socket. */
@NullMarked
package dev.portshare.tls;

import org.jspecify.annotations.NullMarked;
