package dev.portshare.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "demo", mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {
    @Override
    public Integer call() {
        return 1;
    }
}
