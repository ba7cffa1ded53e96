package dev.minidynamo.api;

import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.http.parser.HttpParser;

/**
 * Tomcat's HTTP/1.1 with one rule relaxed: a request line may carry bytes above 127 as they are.
 *
 * <p>A key is bytes, and {@code curl} sends {@code /kv/é} unescaped. Bytes above 127 have no
 * meaning in the grammar of a request line, so nothing can be smuggled with them. Made by Tomcat,
 * by name.
 */
public final class RawBytesProtocol extends Http11NioProtocol {

    private final HttpParser parser = new RawBytesParser();

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
