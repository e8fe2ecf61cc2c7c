package dev.portshare.cli.doctor;

import dev.portshare.config.Configuration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that is looked at. */
public final class Examination {
    private Examination() {}

    /** What is not as it should be on this machine, for {@code configuration}. */
    public static List<Diagnosis> of(Configuration configuration) {
        return of(configuration, new ThisMachine(), home());
    }

    static List<Diagnosis> of(Configuration configuration, Machine machine, @Nullable Path home) {
        List<Diagnosis> found = new ArrayList<>(ListenCheck.of(configuration.listen(), machine));
        found.addAll(BackendCheck.of(configuration, machine));
        found.addAll(DisguiseCheck.of(configuration, machine));
        found.addAll(TransparencyCheck.of(configuration, machine, home));
        found.addAll(ProcessCheck.of(machine, home));
        return found;
    }

    /** The folder around {@code runtime}, in which this Java is. */
    private static @Nullable Path home() {
        Path runtime = Path.of(System.getProperty("java.home"));
        return runtime.endsWith("runtime") ? runtime.getParent() : null;
    }
}
