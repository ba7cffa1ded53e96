/** The HTTP face of a node: keys and values, peers' requests, and a look inside. */
@NullMarked
package dev.minidynamo.api;

import org.jspecify.annotations.NullMarked;
