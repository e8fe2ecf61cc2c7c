/** The other end of the admin socket: what the commands that talk to a running instance are made of. */
@NullMarked
package dev.portshare.cli.admin;

import org.jspecify.annotations.NullMarked;
