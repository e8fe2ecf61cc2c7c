package dev.portshare.it.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Many clients at once of a portshare in a network namespace, and the backends that they want: each stays until all have been answered,
 * or turned away. A client that says {@code SSH-} first is for the last backend where there are two.
 *
 * @param served    how many got through
 * @param addresses from where, as the backends saw it, without ports
 * @param ports     how many addresses with ports there were
 * @param told      how many the journal told of, rightly, when their first byte came
 */
public record Crowd(int served, List<String> addresses, int ports, int told) {
    private static final Pattern ANSWER = Pattern.compile("served=(\\d+) ports=(\\d+) told=(\\d+) addresses=(.*)");

    /** Each client has an address of its own, so that it is not the clients who run out of ports. */
    private static final String SCRIPT = """
        import glob, os, socket, sys, threading
        port, count, journal = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
        seen, told, lock = [], [0], threading.Lock()
        def name(address):
            family = '[AF_INET6]' if ':' in address[0] else '[AF_INET]'
            return '%s%s:%d' % (family, address[0], address[1])
        def answer(connection, peer):
            line = connection.recv(1000).decode()
            if not line:
                return
            right = False
            if journal:
                try:
                    right = open(os.path.join(journal, name(peer))).read() == line.split()[-1]
                except OSError:
                    pass
            with lock:
                seen.append(peer[:2])
                told[0] += right
            connection.sendall(b'x')
        def serve(listener):
            while True:
                connection, peer = listener.accept()
                kept.append(connection)
                threading.Thread(target=answer, args=(connection, peer), daemon=True).start()
        kept = []
        for backend in sys.argv[4:]:
            host, number = backend.rsplit(':', 1)
            family = socket.AF_INET6 if ':' in host else socket.AF_INET
            listener = socket.socket(family)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host.strip('[]'), int(number)))
            listener.listen(1000)
            threading.Thread(target=serve, args=(listener,), daemon=True).start()
        clients, served = [], 0
        for i in range(count):
            client = socket.socket()
            client.settimeout(20)
            client.setsockopt(socket.SOL_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT: keeps no port from others
            client.bind(('127.9.%d.%d' % (i // 200, i % 200 + 1), 0))
            client.connect(('127.0.0.1', port))
            who = name(client.getsockname())
            two = len(sys.argv) > 5 and i % 2
            client.sendall(('SSH-2.0-%s\\r\\n' if two else 'GET / %s').replace('%s', who if not two else 'x ' + who).encode())
            clients.append(client)
        for client in clients:
            try:
                served += client.recv(1) == b'x'
            except ConnectionError:
                pass
        with lock:
            print('served=%d ports=%d told=%d addresses=%s' % (
                served, len(set(seen)), told[0], ' '.join(sorted(set(a for a, _ in seen)))))
        """;

    /** Sends so many clients to the portshare that listens on {@code port} of 127.0.0.1 in {@code namespace}. */
    public static Crowd of(NetworkNamespace namespace, int port, int count, String journal, String... backends) {
        List<String> words =
                new ArrayList<>(List.of("python3", "-c", SCRIPT, String.valueOf(port), String.valueOf(count), journal));
        words.addAll(List.of(backends));
        String out = namespace.run(words.toArray(String[]::new)).ok().out();
        Matcher answer = ANSWER.matcher(out);
        if (!answer.find()) {
            throw new AssertionError("not understood: " + out);
        }
        String addresses = answer.group(4).strip();
        return new Crowd(
                Integer.parseInt(answer.group(1)),
                addresses.isEmpty() ? List.of() : List.of(addresses.split(" ")),
                Integer.parseInt(answer.group(2)),
                Integer.parseInt(answer.group(3)));
    }
}
