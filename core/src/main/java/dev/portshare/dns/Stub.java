package dev.portshare.dns;

import io.netty.buffer.ByteBufHolder;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.util.concurrent.FutureListener;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Asks name servers that find out the rest by themselves, aliases included (RFC 1034, 5.3.1: a stub resolver): by UDP from a port of its
 * own each time, which is harder to guess, and by TCP where an answer is too long for that. Belongs to its event loop.
 */
final class Stub {
    private final ResolvConf conf;
    private final DnsNameResolver transport;
    /** The server that answered last is asked first. */
    private int first;

    Stub(EventLoop loop, ResolvConf conf) {
        this.conf = conf;
        // Without EDNS, as the C library by default: it is not for every small router.
        transport = new DnsNameResolverBuilder(loop)
                .datagramChannelType(EpollDatagramChannel.class)
                .socketChannelType(EpollSocketChannel.class)
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .queryTimeoutMillis(conf.timeout().toMillis())
                .optResourceEnabled(false)
                .build();
    }

    ResolvConf conf() {
        return conf;
    }

    /**
     * The records of {@code name}, which ends with a dot; empty where there are none of this kind. It fails where no server gives a proper
     * answer.
     */
    <T> CompletableFuture<Answer<T>> ask(String name, Kind<T> kind) {
        CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
        ask(new DefaultDnsQuestion(name, kind.type()), kind, 0, answer);
        return answer;
    }

    private <T> void ask(DnsQuestion question, Kind<T> kind, int tried, CompletableFuture<Answer<T>> answer) {
        int index = first;
        InetSocketAddress server = conf.servers().get(index);
        transport.query(server, question).addListener((FutureListener<
                        AddressedEnvelope<DnsResponse, InetSocketAddress>>)
                future -> {
                    String problem;
                    if (future.isSuccess()) {
                        AddressedEnvelope<DnsResponse, InetSocketAddress> envelope = future.getNow();
                        try {
                            problem = read(envelope.content(), kind, answer);
                        } finally {
                            envelope.release();
                        }
                    } else {
                        problem = "no answer";
                    }
                    if (answer.isDone()) {
                        return;
                    }
                    if (first == index) {
                        first = (index + 1) % conf.servers().size();
                    }
                    if (tried + 1 < conf.servers().size() * conf.attempts()) {
                        ask(question, kind, tried + 1, answer);
                    } else {
                        answer.completeExceptionally(new UnknownHostException(question.name() + " "
                                + question.type().name() + ": " + problem + " from name server "
                                + server.getAddress().getHostAddress()));
                    }
                });
    }

    /** Completes {@code answer}, or says why {@code response} is none. */
    private static <T> String read(DnsResponse response, Kind<T> kind, CompletableFuture<Answer<T>> answer) {
        DnsResponseCode code = response.code();
        if (!code.equals(DnsResponseCode.NOERROR) && !code.equals(DnsResponseCode.NXDOMAIN)) {
            return code.toString();
        }
        if (response.isTruncated()) {
            return "an incomplete answer";
        }
        long ttl = Long.MAX_VALUE;
        List<T> found = new ArrayList<>();
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            boolean isWanted = record.type().equals(kind.type());
            if (isWanted || record.type().equals(DnsRecordType.CNAME)) {
                ttl = Math.min(ttl, record.timeToLive());
            }
            if (isWanted && record instanceof ByteBufHolder data) {
                try {
                    found.add(kind.reader().read(data.content()));
                } catch (UnknownHostException | RuntimeException e) {
                    return "a malformed answer";
                }
            }
        }
        answer.complete(new Answer<>(List.copyOf(found), Duration.ofSeconds(Math.min(ttl, Integer.MAX_VALUE))));
        return "";
    }
}
