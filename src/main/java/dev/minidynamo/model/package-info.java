/** The values that every room speaks of: keys, node ids, versions and the cells they stamp. */
@NullMarked
package dev.minidynamo.model;

import org.jspecify.annotations.NullMarked;
