package dev.portshare.admin;

import dev.portshare.telemetry.Histogram;
import java.math.BigDecimal;

/** Writes metrics as Prometheus reads them: its text format, version 0.0.4. */
final class PrometheusText {
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder(8192);
    private String name = "";

    PrometheusText counter(String name, String help) {
        return family(name, "counter", help);
    }

    PrometheusText gauge(String name, String help) {
        return family(name, "gauge", help);
    }

    PrometheusText histogram(String name, String help) {
        return family(name, "histogram", help);
    }

    /** The metric that the samples which follow belong to. */
    private PrometheusText family(String name, String type, String help) {
        this.name = "portshare_" + name;
        text.append("# HELP ").append(this.name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(this.name).append(' ').append(type).append('\n');
        return this;
    }

    /** @param labels names and values in turn */
    PrometheusText sample(long value, String... labels) {
        begin("", labels);
        text.append(value).append('\n');
        return this;
    }

    PrometheusText sample(double value, String... labels) {
        begin("", labels);
        text.append(value).append('\n');
        return this;
    }

    /** A value that may be unknown, which is -1: then there is no sample. */
    void known(long value) {
        if (value >= 0) {
            sample(value);
        }
    }

    void sample(Histogram histogram, String label, String value) {
        double[] bounds = histogram.bounds();
        for (int i = 0; i <= bounds.length; i++) {
            String bound = i == bounds.length
                    ? "+Inf"
                    : BigDecimal.valueOf(bounds[i]).stripTrailingZeros().toPlainString();
            begin("_bucket", label, value, "le", bound);
            text.append(histogram.upTo(i)).append('\n');
        }
        begin("_sum", label, value);
        text.append(histogram.seconds()).append('\n');
        begin("_count", label, value);
        text.append(histogram.count()).append('\n');
    }

    private void begin(String suffix, String... labels) {
        text.append(name).append(suffix);
        for (int i = 0; i < labels.length; i += 2) {
            text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            text.append(
                    labels[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
            text.append('"');
        }
        text.append(labels.length == 0 ? " " : "} ");
    }

    /** All of it. */
    String text() {
        return text.toString();
    }
}
