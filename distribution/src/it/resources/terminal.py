"""Runs a program in a terminal of its own, and somebody before it: terminal.py ROWS COLUMNS PROGRAM [ARGUMENT]... < STEPS

Each line of STEPS is one of
  see TEXT      waits until the screen shows TEXT, a regular expression
  miss TEXT     waits until the screen does not
  type KEYS     presses keys, with escapes as Python has them
  size R C      makes the terminal another size
  width N       waits until no line of the screen is longer than N
  signal NAME   sends a signal
  hang          closes the terminal, as ssh does when the line breaks
  exit CODE     waits until the program has ended so; a negative code is a signal's
  restored      the terminal is as it was: its settings, its cursor, and the screen that it had
"""
import fcntl, os, pty, re, select, signal, struct, sys, termios, time

PATIENCE = 20
rows, columns = int(sys.argv[1]), int(sys.argv[2])
master, slave = pty.openpty()


def resize(rows, columns):
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


resize(rows, columns)
before = termios.tcgetattr(slave)
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for descriptor in (0, 1, 2):
        os.dup2(slave, descriptor)
    os.closerange(3, 64)
    os.environ["TERM"] = "xterm"
    os.execvp(sys.argv[3], sys.argv[3:])

output = ""


def read(seconds):
    global output
    while select.select([master], [], [], seconds)[0]:
        try:
            output += os.read(master, 65536).decode("latin-1")
        except OSError:
            return
        seconds = 0


def screen():
    """What stands on the screen: this program draws it from its first place each time."""
    whole = [frame for frame in output.split("\x1b[H") if "\x1b[J" in frame]
    text = whole[-1].split("\x1b[J")[0] if whole else output
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r", "")


def fail(step):
    print("failed: " + step + "\nthe screen:\n" + screen() + "\nthe last output: " + repr(output[-600:]))
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    sys.exit(1)


def wait_for(step, condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            fail(step)
        read(0.05)


ended = None


def has_ended():
    global ended
    if ended is None:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            ended = os.waitstatus_to_exitcode(status)
    return ended is not None


for step in sys.stdin.read().splitlines():
    word, _, rest = step.strip().partition(" ")
    if word == "see":
        wait_for(step, lambda: re.search(rest, screen()))
    elif word == "miss":
        wait_for(step, lambda: not re.search(rest, screen()))
    elif word == "type":
        os.write(master, rest.encode().decode("unicode_escape").encode("latin-1"))
    elif word == "size":
        resize(*map(int, rest.split()))
    elif word == "width":
        wait_for(step, lambda: max(map(len, screen().split("\n"))) <= int(rest))
    elif word == "signal":
        os.kill(pid, getattr(signal, "SIG" + rest))
    elif word == "hang":
        os.close(slave)
        os.close(master)
        end = time.monotonic() + PATIENCE
        while not has_ended() and time.monotonic() < end:
            time.sleep(0.05)
        print("ended" if has_ended() else "still there")
        if not has_ended():
            os.kill(pid, signal.SIGKILL)
        sys.exit(0 if ended is not None and ended != -9 else 1)
    elif word == "exit":
        wait_for(step, has_ended)
        if ended != int(rest):
            fail(step + ", but it was " + str(ended))
    elif word == "restored":
        read(0.2)
        if termios.tcgetattr(slave) != before or not output.endswith("\x1b[?7h\x1b[?25h\x1b[?1049l"):
            fail(step)
    else:
        fail("no such step: " + step)
    sys.stdout.flush()
print(screen())
