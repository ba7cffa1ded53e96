/** Measurements of real clusters, run on request; each prints figures and asserts no times. */
@NullMarked
package dev.minidynamo.figures;

import org.jspecify.annotations.NullMarked;
