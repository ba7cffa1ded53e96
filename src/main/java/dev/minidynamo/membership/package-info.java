/** Which peers this node believes to be alive, and how it came to believe so. */
@NullMarked
package dev.minidynamo.membership;

import org.jspecify.annotations.NullMarked;
