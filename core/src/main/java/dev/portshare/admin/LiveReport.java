package dev.portshare.admin;

import dev.portshare.session.Endpoint;
import dev.portshare.session.Escaped;
import dev.portshare.session.LiveConnection;
import dev.portshare.telemetry.LiveTable;

/** {@code /api/connections}. Keys are those of the log where it has them; docs/admin.md explains each. */
final class LiveReport {
    private LiveReport() {}

    static JsonWriter of(LiveTable.Listing listing) {
        JsonWriter json = new JsonWriter()
                .object()
                .pair("active", listing.live())
                .pair("matching", listing.matching())
                .key("connections")
                .array();
        for (LiveTable.Row row : listing.rows()) {
            connection(json.object(), row.connection())
                    .pair("in_per_second", row.inRate())
                    .pair("out_per_second", row.outRate())
                    .endObject();
        }
        json.endArray().key("talkers").array();
        for (LiveTable.Talker talker : listing.talkers()) {
            json.object()
                    .pair("src", talker.client())
                    .pair("connections", talker.connections())
                    .pair("per_second", talker.rate())
                    .pair("bytes", talker.bytes())
                    .endObject();
        }
        return json.endArray().endObject();
    }

    /** What is known of {@code connection}, into an object. */
    static JsonWriter connection(JsonWriter json, LiveConnection connection) {
        Endpoint client = connection.client();
        Endpoint standIn = connection.standIn();
        json.pair("id", connection.id())
                .pair("src", client == null ? null : client.toString())
                .pair("as", standIn == null ? null : standIn.hostString())
                .pair("listener", connection.listener())
                .pair("proto", connection.protocol())
                .pair("sni", connection.serverName() == null ? null : Escaped.of(connection.serverName()))
                .key("alpn")
                .array();
        for (String name : connection.applicationProtocols()) {
            json.value(Escaped.of(name));
        }
        return json.endArray()
                .pair("route", connection.route())
                .pair("backend", connection.backend())
                .pair("state", connection.protocol() == null ? "head" : connection.connected() ? "open" : "connecting")
                .pair("in", connection.in())
                .pair("out", connection.out())
                .pair("ms", connection.nanos() / 1_000_000);
    }
}
