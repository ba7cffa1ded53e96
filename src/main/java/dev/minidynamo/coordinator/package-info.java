/** Reads and writes by quorum, seen from the node that the client asked. */
@NullMarked
package dev.minidynamo.coordinator;

import org.jspecify.annotations.NullMarked;
