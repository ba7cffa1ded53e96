/** The checksummed append-only log: group commit, and recovery from a torn tail. */
@NullMarked
package dev.minidynamo.wal;

import org.jspecify.annotations.NullMarked;
