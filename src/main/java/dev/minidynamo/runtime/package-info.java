/** The ports made real: system clock, event loop, file disk and transport over HTTP. */
@NullMarked
package dev.minidynamo.runtime;

import org.jspecify.annotations.NullMarked;
