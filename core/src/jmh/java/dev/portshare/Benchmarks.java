package dev.portshare;

import dev.portshare.detect.Corpus;
import dev.portshare.detect.Detectors;
import dev.portshare.detect.NamedDetector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks, for every detector and every kind of recorded head, and prints what each costs as a table in Markdown. */
public final class Benchmarks {
    private static final TimeValue SECOND = TimeValue.seconds(1);

    private Benchmarks() {}

    /**
     * Takes JMH's options, and patterns of benchmarks; what they leave open is one fork with three seconds of warm-up and three
     * measured ones.
     */
    public static void main(String[] arguments) throws CommandLineOptionException, RunnerException {
        CommandLineOptions given = new CommandLineOptions(arguments);
        OptionsBuilder options = new OptionsBuilder();
        options.parent(given);
        options.mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .forks(given.getForkCount().orElse(1))
                .warmupIterations(given.getWarmupIterations().orElse(3))
                .warmupTime(given.getWarmupTime().orElse(SECOND))
                .measurementIterations(given.getMeasurementIterations().orElse(3))
                .measurementTime(given.getMeasurementTime().orElse(SECOND));
        if (!given.getParameter("detector").hasValue()) {
            options.param(
                    "detector",
                    Detectors.BUILTIN.stream().map(NamedDetector::name).toArray(String[]::new));
        }
        if (!given.getParameter("kind").hasValue()) {
            options.param(
                    "kind",
                    Corpus.all().stream()
                            .map(Corpus.Entry::protocol)
                            .distinct()
                            .sorted()
                            .toArray(String[]::new));
        }
        print(new Runner(options.build()).run());
    }

    private static void print(Collection<RunResult> results) {
        System.out.println();
        System.out.println("| benchmark | on | ns, median | bytes allocated |");
        System.out.println("|---|---|--:|--:|");
        for (RunResult result : results) {
            System.out.println(row(result));
        }
    }

    private static String row(RunResult result) {
        var parameters = result.getParams();
        List<String> on = new ArrayList<>();
        for (String key : parameters.getParamsKeys()) {
            on.add(parameters.getParam(key));
        }
        String name = parameters.getBenchmark();
        int method = name.lastIndexOf('.');
        return on.stream()
                .collect(Collectors.joining(
                        ", ",
                        "| " + name.substring(name.lastIndexOf('.', method - 1) + 1) + " | ",
                        " | " + number(result.getPrimaryResult().getStatistics().getPercentile(50)) + " | "
                                + number(result.getSecondaryResults()
                                        .get("gc.alloc.rate.norm")
                                        .getStatistics()
                                        .getPercentile(50))
                                + " |"));
    }

    private static String number(double value) {
        return String.format("%,.0f", value);
    }
}
