/** What an operator's tools see of a node: metrics, health and facts, through Spring's Actuator. */
@NullMarked
package dev.minidynamo.app.observe;

import org.jspecify.annotations.NullMarked;
