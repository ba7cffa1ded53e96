package dev.minidynamo.api;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/**
 * A client's connection while its requests are in the plain form: one at a time is read, served and
 * answered. All of it runs on the event loop.
 */
final class PlainConnection {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final PlainDoor door;
    private final SocketChannel socket;
    private final DoorEndpoint endpoint;
    private @Nullable SelectionKey watch;

    private @Nullable PlainRequest request;
    private @Nullable PlainHandler handler;
    private ByteBuffer body = NOTHING;
    private boolean underWay;
    private @Nullable ByteBuffer unsent;
    private boolean last;
    private boolean answered;
    private long activeNanos;
    private long begunNanos;

    PlainConnection(PlainDoor door, SocketChannel socket, DoorEndpoint endpoint) {
        this.door = door;
        this.socket = socket;
        this.endpoint = endpoint;
        this.activeNanos = door.nanos();
    }

    void watchedBy(SelectionKey key) {
        watch = key;
    }

    void ready() {
        try {
            activeNanos = door.nanos();
            if (unsent != null) {
                flush();
            } else if (underWay) {
                ask(0); // what comes before the answer waits for it
            } else if (request != null && handler != null) {
                readBody(request, handler);
            } else {
                readHead();
            }
        } catch (IOException e) {
            close();
        }
    }

    private void readHead() throws IOException {
        byte[] bytes = door.room();
        int length = socket.read(ByteBuffer.wrap(bytes));
        if (length <= 0) {
            if (length < 0) {
                close();
            }
            return;
        }
        PlainRequest begun = PlainRequest.parse(bytes, length);
        PlainHandler found = begun == null ? null : door.handler(begun);
        if (begun == null || found == null || !begin(begun, found, bytes, length)) {
            giveBack(ByteBuffer.wrap(Arrays.copyOf(bytes, length)));
        }
    }

    /** Begins with a request of which the first bytes are there; false if it is Tomcat's. */
    private boolean begin(PlainRequest begun, PlainHandler found, byte[] bytes, int length) {
        int there = length - begun.headBytes();
        if (there > begun.bodyBytes()) {
            return false; // another request follows before the answer
        }
        Problem refusal = door.refusal(begun);
        if (refusal != null && there < begun.bodyBytes()) {
            return false;
        }
        last |= begun.last();
        if (refusal != null) {
            send(refusal.answer());
            return true;
        }
        if (begun.bodyBytes() > 0) {
            try {
                found.takeBody(begun);
            } catch (Problem problem) {
                return false;
            }
        }
        request = begun;
        handler = found;
        begunNanos = activeNanos;
        body =
                ByteBuffer.allocate(Math.min(begun.bodyBytes(), bytes.length))
                        .put(bytes, begun.headBytes(), there);
        serveIfWhole(begun, found);
        return true;
    }

    /** Takes more of a body, for which room is made as it comes: its length is only announced. */
    private void readBody(PlainRequest begun, PlainHandler found) throws IOException {
        if (!body.hasRemaining()) {
            int room = (int) Math.min(2L * body.capacity(), begun.bodyBytes());
            body = ByteBuffer.allocate(room).put(body.flip());
        }
        if (socket.read(body) < 0) {
            close();
        } else {
            serveIfWhole(begun, found);
        }
    }

    private void serveIfWhole(PlainRequest whole, PlainHandler serving) {
        if (body.position() < whole.bodyBytes()) {
            return;
        }
        underWay = true;
        door.scheduling().begin();
        try {
            serving.serve(whole, body.array(), this::served);
        } catch (Problem problem) {
            served(problem.answer());
        }
    }

    private void served(HttpAnswer answer) {
        underWay = false;
        door.scheduling().end();
        endRequest();
        send(answer);
    }

    private void endRequest() {
        PlainRequest ended = request;
        PlainHandler served = handler;
        request = null;
        handler = null;
        body = NOTHING;
        if (ended != null && served != null && ended.bodyBytes() > 0) {
            served.releaseBody(ended);
        }
    }

    private void send(HttpAnswer answer) {
        if (!socket.isOpen()) {
            return;
        }
        answered = true;
        unsent = answer.encode(last);
        try {
            flush();
        } catch (IOException e) {
            close();
        }
    }

    private void flush() throws IOException {
        ByteBuffer bytes = unsent;
        if (bytes == null) {
            return;
        }
        socket.write(bytes);
        if (bytes.hasRemaining()) {
            ask(SelectionKey.OP_WRITE);
            return;
        }
        unsent = null;
        if (last) {
            close();
        } else {
            ask(SelectionKey.OP_READ);
        }
    }

    private void ask(int operations) {
        SelectionKey key = watch;
        if (key != null && key.interestOps() != operations) {
            key.interestOps(operations);
        }
    }

    private void giveBack(ByteBuffer bytes) {
        unwatch();
        door.left(this);
        endpoint.takeBack(socket, bytes);
    }

    private void unwatch() {
        SelectionKey key = watch;
        if (key != null) {
            key.cancel();
        }
    }

    /** Ends what has been silent, or slow with a body, for too long. */
    void endIfLate(long nowNanos) {
        if (underWay) {
            return;
        }
        if (request != null && nowNanos - begunNanos > ValueBody.PATIENCE_NANOS) {
            endRequest();
            last = true;
            send(ValueBody.tooSlow().answer());
            return;
        }
        boolean resting = answered && request == null && unsent == null;
        if (nowNanos - activeNanos > (resting ? PlainDoor.REST_NANOS : PlainDoor.SILENCE_NANOS)) {
            close();
        }
    }

    /** Closes the connection now, or after the answer that is under way. */
    void closeAfterAnswer() {
        last = true;
        if (!underWay && unsent == null) {
            close();
        }
    }

    private void close() {
        if (!socket.isOpen()) {
            return;
        }
        if (!underWay) {
            endRequest();
        }
        unwatch();
        door.left(this);
        endpoint.close(socket);
    }
}
