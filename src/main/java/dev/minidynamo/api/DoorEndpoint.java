package dev.minidynamo.api;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Tomcat's connections, each of which a {@link PlainDoor} has first and may give back with what it
 * has read. Their number stays Tomcat's to bound.
 */
final class DoorEndpoint extends NioEndpoint {

    private volatile @Nullable PlainDoor door;

    /** What was read of the connection that is given back just now; of the event loop alone. */
    private @Nullable ByteBuffer read;

    DoorEndpoint() {
        getSocketProperties().setBufferPool(0); // for each connection a channel of its own
    }

    void open(PlainDoor opened) {
        door = opened;
    }

    @Override
    protected boolean setSocketOptions(SocketChannel socket) {
        PlainDoor open = door;
        if (open == null || isSSLEnabled()) {
            return super.setSocketOptions(socket);
        }
        try {
            socket.configureBlocking(false);
            getSocketProperties().setProperties(socket.socket());
        } catch (IOException e) {
            return false;
        }
        open.accept(socket, this);
        return true;
    }

    /** Takes a connection back; called on the event loop. */
    void takeBack(SocketChannel socket, ByteBuffer bytes) {
        read = bytes;
        boolean taken = super.setSocketOptions(socket);
        read = null;
        if (!taken) {
            destroySocket(socket);
            return;
        }
        SocketWrapperBase<NioChannel> connection = connections.get(socket);
        if (connection != null && bytes.hasRemaining()) {
            connection.registerWriteInterest(); // it is told once the poller knows the socket
        }
    }

    /** Has what was read before understood, when the poller knows the socket. */
    @Override
    public boolean processSocket(
            SocketWrapperBase<NioChannel> connection, SocketEvent event, boolean dispatch) {
        boolean begun =
                event == SocketEvent.OPEN_WRITE
                        && connection.getSocket() instanceof Begun channel
                        && channel.first.hasRemaining();
        return super.processSocket(connection, begun ? SocketEvent.OPEN_READ : event, dispatch);
    }

    /** Closes a connection that was not given back. */
    void close(SocketChannel socket) {
        destroySocket(socket);
    }

    @Override
    protected NioChannel createChannel(SocketBufferHandler buffer) {
        ByteBuffer first = read;
        return first == null ? super.createChannel(buffer) : new Begun(buffer, first);
    }

    /** A channel of which some bytes were read before. */
    private static final class Begun extends NioChannel {

        private final ByteBuffer first;

        Begun(SocketBufferHandler buffer, ByteBuffer first) {
            super(buffer);
            this.first = first;
        }

        @Override
        public int read(ByteBuffer to) throws IOException {
            if (!first.hasRemaining()) {
                return super.read(to);
            }
            int length = Math.min(first.remaining(), to.remaining());
            to.put(first.slice(first.position(), length));
            first.position(first.position() + length);
            return length;
        }
    }
}
