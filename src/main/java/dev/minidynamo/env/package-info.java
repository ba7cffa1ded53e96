/** The ports to the outside world: clock, scheduler, disk and randomness. */
@NullMarked
package dev.minidynamo.env;

import org.jspecify.annotations.NullMarked;
