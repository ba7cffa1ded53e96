/** Durable notes for replicas that missed a write, delivered when their target returns. */
@NullMarked
package dev.minidynamo.hints;

import org.jspecify.annotations.NullMarked;
