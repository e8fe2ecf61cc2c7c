/** Turns a YAML route file into the records that the program obeys, or into located problems. */
@NullMarked
package dev.portshare.config;

import org.jspecify.annotations.NullMarked;
