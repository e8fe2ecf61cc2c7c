/** Answers on the control socket and at the HTTP address: the status page, metrics, and what an operator asks for. */
@NullMarked
package dev.portshare.admin;

import org.jspecify.annotations.NullMarked;
