package dev.portshare.admin;

import dev.portshare.session.Endpoint;
import dev.portshare.session.MappedAddresses;
import dev.portshare.session.MappedAddresses.Mapped;
import dev.portshare.telemetry.Whose;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code /api/who}. Keys are those of the log where it has them; docs/admin.md explains each. */
final class WhoReport {
    private WhoReport() {}

    static JsonWriter of(WhoAddress address, @Nullable MappedAddresses addresses, Whose.Listing listing) {
        JsonWriter json = new JsonWriter().object().pair("address", address.toString());
        mapped(json.key("mapped"), addresses == null ? null : mapped(address.endpoint(), addresses));
        json.pair("matching", listing.matching()).key("connections").array();
        for (Whose.Found found : listing.found()) {
            LiveReport.connection(json.object(), found.connection())
                    .pair("seen", found.seen() == null ? null : found.seen().toString())
                    .endObject();
        }
        return json.endArray().endObject();
    }

    private static @Nullable Mapped mapped(Endpoint address, MappedAddresses addresses) {
        Mapped standing = addresses.at(address);
        return standing == null ? addresses.of(address) : standing;
    }

    private static void mapped(JsonWriter json, @Nullable Mapped mapped) {
        if (mapped == null) {
            json.value((String) null);
            return;
        }
        Endpoint client = mapped.client();
        json.object()
                .pair("src", client == null ? null : client.hostString())
                .pair("as", mapped.address().hostString())
                .pair("connections", mapped.connections())
                .pair("fixed", mapped.isFixed())
                .key("remembered_seconds");
        if (mapped.nanos() < 0) {
            json.value((String) null);
        } else {
            json.value(TimeUnit.NANOSECONDS.toSeconds(mapped.nanos()));
        }
        json.endObject();
    }
}
