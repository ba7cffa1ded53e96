/** What nodes say to each other: requests, replies, their binary form, and the transport port. */
@NullMarked
package dev.minidynamo.protocol;

import org.jspecify.annotations.NullMarked;
