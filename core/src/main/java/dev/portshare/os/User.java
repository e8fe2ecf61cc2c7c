package dev.portshare.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A user of this machine, who a process that was started by root can become for good.
 *
 * @param gid the user's own group
 */
public record User(String name, int uid, int gid) {
    /** struct passwd of both architectures: name, password, uid, gid ... */
    private static final int PASSWD_SIZE = 48;

    private static final int UID_OFFSET = 16;
    private static final int GID_OFFSET = 20;
    /** For the texts that struct passwd points to; they hold a name, a home and a shell. */
    private static final long TEXTS = 64 * 1024;

    /**
     * Looks {@code name} up where the machine has its users: not in /etc/passwd alone, but also in LDAP or wherever else
     * nsswitch.conf(5) says. By getpwnam_r, which tells "no such user" from "cannot tell" by what it returns; getpwnam needs
     * errno for that, and shares one result among all threads.
     *
     * @throws UserException where there is no such user
     */
    public static User named(String name) throws UserException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment passwd = arena.allocate(PASSWD_SIZE, Long.BYTES);
            MemorySegment found = arena.allocate(ValueLayout.ADDRESS);
            int error = LibC.call("getpwnam_r", arena.allocateFrom(name), passwd, arena.allocate(TEXTS), TEXTS, found);
            if (error != 0) {
                throw new UserException("cannot look up user \"" + name + "\": errno " + error);
            }
            if (found.get(ValueLayout.ADDRESS, 0).equals(MemorySegment.NULL)) {
                throw new UserException("no user \"" + name
                        + "\"; create one such as by: useradd --system --no-create-home --shell /usr/sbin/nologin "
                        + name);
            }
            return new User(
                    name, passwd.get(ValueLayout.JAVA_INT, UID_OFFSET), passwd.get(ValueLayout.JAVA_INT, GID_OFFSET));
        } catch (ErrnoException e) {
            throw new UserException("cannot look up user \"" + name + "\": " + e.getMessage());
        }
    }

    /**
     * Gives {@code file} to the user and the user's own group; for root. A symbolic link that stands there is given itself: the
     * folder may be the user's, and what it leads to somebody else's.
     */
    public void own(Path file) throws IOException {
        Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Makes this process one of the user, for good: every thread of it gives up root's groups, then root itself and with it
     * all capabilities, and that any program it starts could get them back.
     *
     * @param staysTransparent whether the calling thread, and those that it starts afterwards, may still connect from addresses that
     *                         are not this machine's, if it may now
     * @throws UserException where that could not be done whole; the process must not go on then
     */
    public void become(boolean staysTransparent) throws UserException {
        try (Arena arena = Arena.ofConfined()) {
            if (uid == 0) {
                throw new UserException("user \"" + name + "\" is root itself; name another");
            }
            if (LibC.call("geteuid") != 0) {
                throw new UserException("only root can become another user; start as root, or without --user");
            }
            KeptCapability kept = staysTransparent ? KeptCapability.ofThisThread() : KeptCapability.NONE;
            kept.hold();
            // These functions of the C library change every thread of the process, which the system calls do not.
            LibC.call("initgroups", arena.allocateFrom(name), gid);
            LibC.call("setgid", gid);
            LibC.call("setuid", uid);
            kept.reduce();
            NoNewPrivileges.set();
            if (canBecomeRoot()) {
                throw new UserException("gave up root for \"" + name + "\", and could become root again");
            }
            ThreadStatus.check(this, kept);
            // Messages about what the user may not do name it.
            System.setProperty("user.name", name);
        } catch (ErrnoException | IOException e) {
            throw new UserException("cannot become user \"" + name + "\": " + e.getMessage());
        }
    }

    private static boolean canBecomeRoot() {
        try {
            LibC.call("setuid", 0);
            return true;
        } catch (ErrnoException _) {
            return false;
        }
    }
}
