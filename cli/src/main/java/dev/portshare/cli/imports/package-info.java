/** Turns the configuration of other programs into route files. */
@NullMarked
package dev.portshare.cli.imports;

import org.jspecify.annotations.NullMarked;
