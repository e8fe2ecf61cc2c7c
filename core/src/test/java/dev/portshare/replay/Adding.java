package dev.portshare.replay;

import java.io.IOException;
import java.nio.file.Path;

/** A process that adds tags to the memory in a directory, and says so of each, until it is killed. */
final class Adding {
    private Adding() {}

    /** Arguments: the directory, the number of the first tag. */
    public static void main(String[] arguments) throws IOException {
        ReplayMemory memory = ReplayMemory.open(Path.of(arguments[0]));
        for (long number = Long.parseLong(arguments[1]); ; number++) {
            Tags.add(memory, number);
            System.out.println(number);
            System.out.flush();
        }
    }
}
