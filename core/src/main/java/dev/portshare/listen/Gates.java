package dev.portshare.listen;

import dev.portshare.session.Endpoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** The gates in force, and for whom each is open. Of any thread. */
public final class Gates {
    private static final Logger LOG = LogManager.getLogger(Gates.class);

    private final Map<String, Gate> gates = new LinkedHashMap<>();
    private final Map<String, Knocks> knocks = new LinkedHashMap<>();

    /**
     * Those of {@code gates}.
     *
     * @param before the ones until now: what is open, and has a gate of the same name again, stays so for the time that its knock had;
     *               null: all are shut
     */
    public Gates(List<Gate> gates, @Nullable Gates before) {
        for (Gate gate : gates) {
            Knocks known = before == null ? null : before.knocks.get(gate.serverName());
            this.gates.put(gate.serverName(), gate);
            knocks.put(gate.serverName(), known == null ? new Knocks() : known);
        }
    }

    /** The names of those that are open for {@code client} at {@code now}, {@link System#nanoTime}. */
    List<String> open(Endpoint client, long now) {
        List<String> open = List.of();
        for (Map.Entry<String, Knocks> gate : knocks.entrySet()) {
            if (gate.getValue().isOpenFor(client, now)) {
                open = open.isEmpty() ? new ArrayList<>() : open;
                open.add(gate.getKey());
            }
        }
        return open;
    }

    /** Opens the gate called {@code serverName} for {@code client}, from {@code now} on; null: there is none. */
    @Nullable
    Gate knock(String serverName, Endpoint client, long now) {
        Gate gate = gates.get(serverName);
        Knocks known = knocks.get(serverName);
        if (gate != null && known != null) {
            known.add(client, gate.time(), now);
        }
        return gate;
    }

    /** For whom they are open, as bytes for another process on this machine. */
    public byte[] carry() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(knocks.size());
            for (Map.Entry<String, Knocks> gate : knocks.entrySet()) {
                out.writeUTF(gate.getKey());
                gate.getValue().write(out);
            }
        } catch (IOException e) {
            throw new AssertionError("memory takes everything", e);
        }
        return bytes.toByteArray();
    }

    /** Opens them for whom another process has {@linkplain #carry carried} it, but for those that are not here. */
    public void resume(byte[] carried) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(carried))) {
            for (int left = in.readInt(); left > 0; left--) {
                knocks.getOrDefault(in.readUTF(), new Knocks()).read(in);
            }
        } catch (IOException e) {
            LOG.warn("whoever knocked before portshare was restarted has to knock again: {}", e.toString());
        }
    }

    /** For how many addresses each is open now, under what it {@linkplain Gate#toString does}. */
    public Map<String, Integer> counts() {
        long now = System.nanoTime();
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Gate gate : gates.values()) {
            Knocks known = knocks.get(gate.serverName());
            counts.merge(gate.toString(), known == null ? 0 : known.count(now), Integer::sum);
        }
        return counts;
    }
}
