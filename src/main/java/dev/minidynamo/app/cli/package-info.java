/** The commands of a client: put, get, delete, explain, status, scenario and bench. */
@NullMarked
package dev.minidynamo.app.cli;

import org.jspecify.annotations.NullMarked;
