package dev.portshare.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What is answered to a request. */
record Answer(HttpResponseStatus status, String type, String body) {
    static final String TEXT = "text/plain; charset=utf-8";
    static final String JSON = "application/json";

    static Answer text(HttpResponseStatus status, String line) {
        return new Answer(status, TEXT, line + "\n");
    }

    /** As ISO 8601 has it. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    static Answer json(JsonWriter json) {
        return json(HttpResponseStatus.OK, json);
    }

    static Answer json(HttpResponseStatus status, JsonWriter json) {
        return new Answer(status, JSON, json.text());
    }
}
