/** Detectors that the route file describes, docs/detectors/own.md; pure. */
@NullMarked
package dev.portshare.detect.own;

import org.jspecify.annotations.NullMarked;
