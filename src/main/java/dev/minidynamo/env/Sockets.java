package dev.minidynamo.env;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** Tells the node's event loop that a socket has something to read, or room to write. */
public interface Sockets {

    /**
     * Watches a socket for bytes to read; called on the event loop.
     *
     * @param ready runs on the event loop whenever the socket is ready for what the key asks
     * @return the key, by which the socket's watch is changed or ended
     * @throws IOException if the socket is closed already
     */
    SelectionKey watch(SocketChannel socket, Runnable ready) throws IOException;
}
