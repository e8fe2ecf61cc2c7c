package dev.portshare.os;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Calls of the C library, each linked anew: that takes Java some tens of milliseconds for the first one, so none is on the way
 * of a plain start, and none is made often.
 */
final class LibC {
    private static final String ERRNO = "errno";

    private LibC() {}

    /**
     * Calls {@code function}.
     *
     * @param arguments each an Integer, a Long or a MemorySegment, for int, long or a pointer
     * @return what it returns, an int
     * @throws ErrnoException where that is -1
     */
    static int call(String function, Object... arguments) throws ErrnoException {
        return variadic(function, arguments.length, arguments);
    }

    /** The same for a function that C declares with {@code fixed} parameters and {@code ...} */
    @SuppressWarnings("restricted") // Every start of the program allows native access: Netty needs it too.
    static int variadic(String function, int fixed, Object... arguments) throws ErrnoException {
        MemoryLayout[] layouts = Arrays.stream(arguments).map(LibC::layout).toArray(MemoryLayout[]::new);
        Linker linker = Linker.nativeLinker();
        var handle = linker.downcallHandle(
                linker.defaultLookup().findOrThrow(function),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts),
                fixed == arguments.length
                        ? new Linker.Option[] {Linker.Option.captureCallState(ERRNO)}
                        : new Linker.Option[] {
                            Linker.Option.captureCallState(ERRNO), Linker.Option.firstVariadicArg(fixed)
                        });
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            Object[] all = new Object[arguments.length + 1];
            all[0] = state;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            int result = (int) handle.invokeWithArguments(all);
            if (result == -1) {
                throw new ErrnoException(function, state.get(ValueLayout.JAVA_INT, 0));
            }
            return result;
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(function + " throws nothing", e);
        }
    }

    private static MemoryLayout layout(Object argument) {
        if (argument instanceof Integer) {
            return ValueLayout.JAVA_INT;
        }
        return argument instanceof Long ? ValueLayout.JAVA_LONG : pointer();
    }

    private static AddressLayout pointer() {
        return ValueLayout.ADDRESS;
    }
}
