/** The background comparison of two replicas by hash trees, and the repair that follows. */
@NullMarked
package dev.minidynamo.antientropy;

import org.jspecify.annotations.NullMarked;
