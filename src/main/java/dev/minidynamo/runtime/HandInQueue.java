package dev.minidynamo.runtime;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What any thread hands in and one thread takes, all at once and in order.
 *
 * <p>A lock-free stack, which the taker turns round (Treiber, "Systems programming: coping with
 * parallelism", 1986), so that handing in costs one compare-and-set.
 */
final class HandInQueue<T> {

    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(HandInQueue.class, "head", Node.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** One element with those after it. */
    static final class Node<T> {

        final T value;
        private @Nullable Node<T> next;

        private Node(T value) {
            this.value = value;
        }

        /** The element that was handed in after this one, or null. */
        @Nullable Node<T> next() {
            return next;
        }
    }

    @SuppressWarnings("unused") // through HEAD
    private volatile @Nullable Node<T> head;

    boolean isEmpty() {
        return head == null;
    }

    /** Adds an element; for any thread. */
    void add(T value) {
        Node<T> node = new Node<>(value);
        Node<T> first;
        do {
            first = head;
            node.next = first;
        } while (!HEAD.compareAndSet(this, first, node));
    }

    /** Takes out all elements, and answers with the oldest, or null; for one thread. */
    @SuppressWarnings("unchecked")
    @Nullable Node<T> takeAll() {
        if (head == null) {
            return null;
        }
        Node<T> newest = (Node<T>) HEAD.getAndSet(this, null);
        Node<T> oldest = null;
        while (newest != null) {
            Node<T> next = newest.next;
            newest.next = oldest;
            oldest = newest;
            newest = next;
        }
        return oldest;
    }
}
