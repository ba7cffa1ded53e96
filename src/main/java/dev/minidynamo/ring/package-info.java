/** Who owns a key: tokens, vnodes, the ring, and the preference list of a partition. */
@NullMarked
package dev.minidynamo.ring;

import org.jspecify.annotations.NullMarked;
