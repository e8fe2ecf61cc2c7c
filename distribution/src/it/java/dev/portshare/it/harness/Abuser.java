package dev.portshare.it.harness;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that abuses a port until it reads a line, and then waits until all its connections have been ended from the other side. One
 * thread, and so much a second and no more: it shares two processors with what it abuses. Its clients have addresses of 127.66.0.0/16.
 *
 * <p>Arguments: which {@link Abuse}, port, new connections a second, how many at once. Prints {@code at work} when it is, and at the end
 * {@code made=N left=N}.
 */
public final class Abuser {
    private static final long TICK_NANOS = 1_000_000;
    private static final long PATIENCE_NANOS = 40_000_000_000L;

    private final Abuse abuse;
    private final InetSocketAddress target;
    private final int rate;
    private final int most;
    private final Selector selector = Selector.open();
    private final List<Client> live = new ArrayList<>();
    private final ByteBuffer answers = ByteBuffer.allocate(1 << 16);
    private int made;
    /** How many are to begin now, and how many bytes to be sent, of those that send one after the other. */
    private double due = 1;

    private double owed;
    /** Whose turn it is of those. */
    private int next;

    private static final class Client {
        final SocketChannel channel;
        final ByteBuffer rest;

        Client(SocketChannel channel, byte[] head) {
            this.channel = channel;
            this.rest = ByteBuffer.wrap(head);
        }
    }

    private Abuser(String[] arguments) throws IOException {
        abuse = Abuse.valueOf(arguments[0]);
        target = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1]));
        rate = Integer.parseInt(arguments[2]);
        most = Integer.parseInt(arguments[3]);
    }

    public static void main(String[] arguments) throws Exception {
        Abuser abuser = new Abuser(arguments);
        abuser.run();
        System.out.printf("made=%d left=%d%n", abuser.made, abuser.live.size());
    }

    private void run() throws Exception {
        long start = System.nanoTime();
        long before = start;
        boolean tells = true;
        while (System.in.available() == 0) {
            long now = System.nanoTime();
            // Who was late does not make up for it with a burst.
            double more = Math.min(now - before, 20 * TICK_NANOS) / 1e9;
            before = now;
            due = Math.min(due + more * rate, Math.max(1, rate / 20.0));
            for (; due >= 1 && live.size() < most; due--) {
                begin();
            }
            speak(more);
            listen();
            if (tells && (live.size() >= most * 9 / 10 || now - start > 500_000_000 && abuse != Abuse.SLOWLORIS)) {
                tells = false;
                System.out.println("at work");
            }
        }
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!live.isEmpty() && System.nanoTime() < end) {
            listen();
        }
    }

    private void begin() throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.bind(new InetSocketAddress("127.66." + made / 250 % 250 + "." + (made % 250 + 1), 0));
            channel.connect(target);
            byte[] head = abuse.head(made);
            made++;
            if (abuse == Abuse.CONNECT_AND_CLOSE) {
                // With a reset, and with an end, by turns.
                channel.setOption(StandardSocketOptions.SO_LINGER, made % 2 == 0 ? 0 : -1);
                channel.close();
                return;
            }
            channel.configureBlocking(false);
            Client client = new Client(channel, head);
            channel.register(selector, SelectionKey.OP_READ, client);
            live.add(client);
            if (abuse.bytesPerSecond() == 0) {
                send(client, head.length);
            }
        } catch (IOException e) {
            channel.close();
            System.out.println("cannot connect: " + e);
        }
    }

    /** Those who send one byte after the other, by turns. */
    private void speak(double seconds) throws IOException {
        owed = Math.min(owed + seconds * live.size() * abuse.bytesPerSecond(), 1000);
        for (; owed >= 1 && !live.isEmpty(); owed--) {
            next = next + 1 < live.size() ? next + 1 : 0;
            send(live.get(next), 1);
        }
    }

    private void send(Client client, int most) throws IOException {
        ByteBuffer rest = client.rest;
        int length = Math.min(most, rest.remaining());
        try {
            rest.position(rest.position() + client.channel.write(rest.slice(rest.position(), length)));
            if (rest.hasRemaining() && abuse.bytesPerSecond() == 0) {
                client.channel.keyFor(selector).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
        } catch (IOException _) {
            end(client);
        }
    }

    private void listen() throws IOException {
        selector.select(
                key -> {
                    try {
                        Client client = (Client) key.attachment();
                        if (key.isWritable()) {
                            key.interestOps(SelectionKey.OP_READ);
                            send(client, client.rest.remaining());
                        }
                        if (key.isValid() && client.channel.read(answers.clear()) < 0) {
                            end(client);
                        }
                    } catch (IOException _) {
                        end((Client) key.attachment());
                    }
                },
                1);
    }

    private void end(Client client) {
        live.remove(client);
        try {
            client.channel.close();
        } catch (IOException e) {
            System.out.println("cannot close: " + e);
        }
    }
}
