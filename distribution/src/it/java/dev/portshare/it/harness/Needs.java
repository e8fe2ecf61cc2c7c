package dev.portshare.it.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a test, or every test of a class, cannot do without: programs on the PATH, and what {@link Machine} knows
 * besides ({@code root}, {@code netns}, {@code tun}, {@code bbr}). Where one is missing, or with {@code -Dpeers=none}, the test is
 * left out, and {@link LeftOut} says so.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface Needs {
    String[] value();
}
