/** The keeper of node processes: it starts, kills, pauses and restarts them, and sets faults. */
@NullMarked
package dev.minidynamo.agent;

import org.jspecify.annotations.NullMarked;
