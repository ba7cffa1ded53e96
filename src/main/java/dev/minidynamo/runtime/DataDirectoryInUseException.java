package dev.minidynamo.runtime;

import java.io.IOException;

/** Another process holds the lock of the data directory. */
public final class DataDirectoryInUseException extends IOException {

    private static final long serialVersionUID = 1L;

    public DataDirectoryInUseException(String message) {
        super(message);
    }
}
