/** Which packets were seen before, across reloads and restarts. */
@NullMarked
package dev.portshare.replay;

import org.jspecify.annotations.NullMarked;
