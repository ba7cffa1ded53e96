/** The hybrid logical clock, and the law by which two cells of one key become one. */
@NullMarked
package dev.minidynamo.version;

import org.jspecify.annotations.NullMarked;
