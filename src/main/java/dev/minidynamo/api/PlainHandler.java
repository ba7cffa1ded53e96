package dev.minidynamo.api;

import java.util.function.Consumer;

/** Serves requests in the plain form, on the event loop. */
interface PlainHandler {

    /**
     * Makes room for the body of a request, before it is read; {@link #releaseBody} gives it back.
     *
     * @throws Problem if there is none
     */
    void takeBody(PlainRequest request);

    void releaseBody(PlainRequest request);

    /**
     * Begins to serve a request that is there to its end.
     *
     * @param answer gets the answer once, on the event loop
     */
    void serve(PlainRequest request, byte[] body, Consumer<HttpAnswer> answer);
}
