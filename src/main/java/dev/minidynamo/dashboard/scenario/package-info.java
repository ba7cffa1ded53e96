/** Guided scenarios that prove on a running cluster what the store promises. */
@NullMarked
package dev.minidynamo.dashboard.scenario;

import org.jspecify.annotations.NullMarked;
