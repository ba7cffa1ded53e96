/** The web pages that show a cluster at work and steer its guided scenarios. */
@NullMarked
package dev.minidynamo.dashboard;

import org.jspecify.annotations.NullMarked;
