/**
 * The simulator: virtual time, a disk that tears, and whatever else a node can be given for real.
 */
@NullMarked
package dev.minidynamo.sim;

import org.jspecify.annotations.NullMarked;
