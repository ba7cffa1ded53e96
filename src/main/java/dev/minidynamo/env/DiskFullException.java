package dev.minidynamo.env;

import java.io.IOException;

/** A write failed because no space was left; nothing else is wrong with the disk. */
public final class DiskFullException extends IOException {

    private static final long serialVersionUID = 1L;

    public DiskFullException(String message) {
        super(message);
    }
}
