package dev.minidynamo.app.bench;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One client's kept-alive connection to one target. */
final class Connection {

    private final Client owner;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ResponseReader response = new ResponseReader();
    private @Nullable ByteBuffer pending;

    Connection(Client owner, InetSocketAddress target, Selector selector) throws IOException {
        this.owner = owner;
        channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean connected = channel.connect(target);
            key =
                    channel.register(
                            selector,
                            connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT,
                            this);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    Client owner() {
        return owner;
    }

    ResponseReader response() {
        return response;
    }

    /** Sends the request, now or as soon as the connection takes it. */
    void send(ByteBuffer request) throws IOException {
        pending = request;
        if (channel.isConnected()) {
            flush();
        }
    }

    /**
     * Does what the selector found possible.
     *
     * @return whether a response is complete
     */
    boolean proceed() throws IOException {
        if (key.isConnectable() && channel.finishConnect()) {
            flush();
            return false;
        }
        if (key.isWritable()) {
            flush();
        }
        return key.isReadable() && receive();
    }

    private void flush() throws IOException {
        ByteBuffer request = pending;
        if (request != null) {
            channel.write(request);
            if (!request.hasRemaining()) {
                pending = null;
            }
        }
        int writing = pending == null ? 0 : SelectionKey.OP_WRITE;
        key.interestOps(SelectionKey.OP_READ | writing);
    }

    private boolean receive() throws IOException {
        byte[] space = response.space();
        int count = response.count();
        int read = channel.read(ByteBuffer.wrap(space, count, space.length - count));
        if (read < 0) {
            throw new EOFException("connection closed");
        }
        return response.take(read);
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            key.cancel();
        }
    }
}
