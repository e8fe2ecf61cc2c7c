package dev.portshare.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A kind of records.
 *
 * @param reader makes of one record's data what it says
 */
record Kind<T>(DnsRecordType type, Reader<T> reader) {
    /** Throws whatever it likes where the data is of another shape. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ByteBuf data) throws UnknownHostException;
    }

    static final Kind<InetAddress> IPV4 = new Kind<>(DnsRecordType.A, Kind::address);
    static final Kind<InetAddress> IPV6 = new Kind<>(DnsRecordType.AAAA, Kind::address);

    static final Kind<ServiceRecord> SERVICE = new Kind<>(DnsRecordType.SRV, Kind::service);

    private static InetAddress address(ByteBuf data) throws UnknownHostException {
        return InetAddress.getByAddress(ByteBufUtil.getBytes(data));
    }

    private static ServiceRecord service(ByteBuf data) {
        int priority = data.readUnsignedShort();
        int weight = data.readUnsignedShort();
        int port = data.readUnsignedShort();
        return new ServiceRecord(DefaultDnsRecordDecoder.decodeName(data), port, priority, weight);
    }
}
