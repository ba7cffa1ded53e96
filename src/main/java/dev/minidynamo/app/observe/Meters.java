package dev.minidynamo.app.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import java.util.function.ToDoubleFunction;

/** Registers meters that read the latest {@link Sample}; each has a description and a unit. */
final class Meters {

    private final MeterRegistry registry;
    private final Samples samples;

    Meters(MeterRegistry registry, Samples samples) {
        this.registry = registry;
        this.samples = samples;
    }

    /** What a meter is about. */
    record About(String name, String unit, String description) {}

    /** A value that goes up and down. */
    void gauge(About about, Tags tags, ToDoubleFunction<Sample> value) {
        Gauge.builder(about.name(), samples, reading(value))
                .description(about.description())
                .baseUnit(about.unit())
                .tags(tags)
                .register(registry);
    }

    /** A count since the start of the node. */
    void counter(About about, Tags tags, ToDoubleFunction<Sample> count) {
        FunctionCounter.builder(about.name(), samples, reading(count))
                .description(about.description())
                .baseUnit(about.unit())
                .tags(tags)
                .register(registry);
    }

    private static ToDoubleFunction<Samples> reading(ToDoubleFunction<Sample> value) {
        return samples -> {
            Sample sample = samples.latest();
            return sample == null ? Double.NaN : value.applyAsDouble(sample);
        };
    }
}
