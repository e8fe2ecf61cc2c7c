/** What {@code portshare demo} puts on its stage: a web page, a stand-in for OpenVPN, and portshare before them. */
@NullMarked
package dev.portshare.cli.demo;

import org.jspecify.annotations.NullMarked;
