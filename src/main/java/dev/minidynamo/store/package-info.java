/** The cells of one node: an index in memory over log segments, with snapshots and compaction. */
@NullMarked
package dev.minidynamo.store;

import org.jspecify.annotations.NullMarked;
