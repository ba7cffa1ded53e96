/** Real processes under SIGKILL, SIGSTOP and cut links, and clients that mean them harm. */
package dev.minidynamo.chaos;
