package dev.portshare.cli;

import dev.portshare.cli.doctor.Diagnosis;
import dev.portshare.cli.doctor.Examination;
import dev.portshare.config.ConfigurationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code portshare doctor}: what on this machine keeps a configuration from working well. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Check this machine against a route file or route options: ports, privileges, limits, backends. Each"
                    + " finding comes with its remedy. Nothing is changed.",
            "Exit code 0: nothing found. 1: something found. 2: the options or the route file are wrong."
        },
        footer = {"", "Example: portshare doctor --config /etc/portshare/portshare.yaml"})
final class Doctor implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private final RouteOptions routes = new RouteOptions();

    @Option(names = "--json", description = "one JSON object a line", order = 50)
    private boolean json;

    /** The command with its options. */
    static CommandSpec command() {
        Doctor doctor = new Doctor();
        CommandSpec command = CommandSpec.forAnnotatedObject(doctor);
        doctor.routes.addTo(command);
        return command;
    }

    @Override
    public Integer call() {
        List<Diagnosis> found;
        try {
            found = Examination.of(routes.configuration(spec, true));
        } catch (ConfigurationException e) {
            return Check.print(e);
        }
        if (json) {
            found.forEach(diagnosis -> System.out.println(Json.write(object(diagnosis))));
        } else {
            print(found);
        }
        return found.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static Map<String, String> object(Diagnosis diagnosis) {
        Map<String, String> object = new LinkedHashMap<>();
        object.put("check", diagnosis.check());
        object.put("finding", diagnosis.finding());
        object.put("why", diagnosis.why());
        object.put("remedy", diagnosis.remedy());
        return object;
    }

    private static void print(List<Diagnosis> found) {
        if (found.isEmpty()) {
            System.out.println("nothing wrong");
        }
        for (Diagnosis diagnosis : found) {
            System.out.println(diagnosis.check() + ": " + diagnosis.finding());
            System.out.println("    why:    " + diagnosis.why());
            System.out.println("    remedy: " + diagnosis.remedy().replace("\n", "\n            "));
        }
    }
}
