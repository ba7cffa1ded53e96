/** One node, assembled from the rooms above it, with its start, its stop and its status. */
@NullMarked
package dev.minidynamo.node;

import org.jspecify.annotations.NullMarked;
