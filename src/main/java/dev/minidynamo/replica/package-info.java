/** One replica's side of the protocol: it applies requests to the local store. */
@NullMarked
package dev.minidynamo.replica;

import org.jspecify.annotations.NullMarked;
