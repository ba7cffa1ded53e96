/**
 * The load generator: YCSB's workloads over HTTP, closed or open loop, on one thread per selector.
 */
@NullMarked
package dev.minidynamo.app.bench;

import org.jspecify.annotations.NullMarked;
