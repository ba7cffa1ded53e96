/** The program: its entry, command line, properties, and the beans that Spring wires. */
@NullMarked
package dev.minidynamo.app;

import org.jspecify.annotations.NullMarked;
