/** The first packet of an OpenVPN client over TCP; pure. */
@NullMarked
package dev.portshare.detect.openvpn;

import org.jspecify.annotations.NullMarked;
