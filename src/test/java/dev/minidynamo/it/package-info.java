/** Tests of the packaged jar, run as the processes that a user would run. */
@NullMarked
package dev.minidynamo.it;

import org.jspecify.annotations.NullMarked;
