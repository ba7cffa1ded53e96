package dev.minidynamo.api;

import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.http.parser.HttpParser;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Tomcat's HTTP/1.1 behind a {@link PlainDoor}, with one rule relaxed, that a request line may
 * carry bytes above 127 as they are, and one more: the head of a request must have come after a
 * while.
 *
 * <p>Tomcat ends a connection that is silent for its timeout, but would wait for days for a head
 * that comes byte by byte. A key is bytes, and {@code curl} sends {@code /kv/é} unescaped. Bytes
 * above 127 have no meaning in the grammar of a request line, so nothing can be smuggled with them.
 * Made by Tomcat, by name.
 */
public final class RawBytesProtocol extends Http11NioProtocol {

    private final HttpParser parser = new RawBytesParser();
    private final DoorEndpoint endpoint;
    private volatile BatchScheduling scheduling = new BatchScheduling();
    private volatile long headNanos = Long.MAX_VALUE;

    public RawBytesProtocol() {
        this(new DoorEndpoint());
    }

    private RawBytesProtocol(DoorEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    /**
     * Lets {@code door} have every connection first, unless it is one of TLS, and counts the
     * requests of both together.
     */
    void open(PlainDoor door) {
        endpoint.open(door);
        scheduling = door.scheduling();
    }

    /** Ends a connection whose request has begun and whose head is not there after this time. */
    void setHeadMillis(long millis) {
        headNanos = millis * 1_000_000;
    }

    @Override
    protected Processor createProcessor() {
        return new PunctualProcessor();
    }

    /**
     * Reads one connection's requests. While a head is incomplete no thread is held: Tomcat calls
     * this again when more bytes have come.
     */
    private final class PunctualProcessor extends Http11Processor {

        private @Nullable SocketWrapperBase<?> begun;
        private long begunNanos;

        PunctualProcessor() {
            super(RawBytesProtocol.this, RawBytesProtocol.this.getAdapter());
        }

        @Override
        public SocketState service(SocketWrapperBase<?> socket) throws IOException {
            BatchScheduling counting = scheduling;
            counting.begin();
            SocketState state;
            try {
                state = super.service(socket);
            } finally {
                counting.end();
            }
            if (state != SocketState.LONG) {
                begun = null;
                return state;
            }
            long now = System.nanoTime();
            if (!socket.equals(begun)) {
                begun = socket;
                begunNanos = now;
            }
            return now - begunNanos > headNanos ? SocketState.CLOSED : state;
        }
    }

    @Override
    public HttpParser getHttpParser() {
        return parser;
    }

    private static final class RawBytesParser extends HttpParser {

        RawBytesParser() {
            super("|", "|");
        }

        @Override
        public boolean isNotRequestTargetRelaxed(int c) {
            return isPlainAscii(c) && super.isNotRequestTargetRelaxed(c);
        }

        @Override
        public boolean isAbsolutePathRelaxed(int c) {
            return !isPlainAscii(c) || super.isAbsolutePathRelaxed(c);
        }

        @Override
        public boolean isQueryRelaxed(int c) {
            return !isPlainAscii(c) || super.isQueryRelaxed(c);
        }

        private static boolean isPlainAscii(int c) {
            return c >= 0 && c < 128;
        }
    }
}
