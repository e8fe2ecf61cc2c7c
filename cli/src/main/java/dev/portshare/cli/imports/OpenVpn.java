package dev.portshare.cli.imports;

import dev.portshare.config.OpenVpnLine;
import dev.portshare.detect.Detectors;
import dev.portshare.listen.ListenAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An OpenVPN server's configuration with {@code port-share}: it makes room for portshare, and has everything else itself. */
final class OpenVpn {
    /** Where OpenVPN moves to. */
    private static final String MOVED = "127.0.0.1:1194";

    private final Draft draft = new Draft();
    private final Set<String> stays = new LinkedHashSet<>();
    private @Nullable List<Word> share;
    private @Nullable Word host;
    private @Nullable Word port;
    private @Nullable Word protocol;
    private boolean isIpv6Only;

    private OpenVpn() {}

    /**
     * The routes.
     *
     * @param file where {@code text} lies for portshare to read it again; null: nowhere
     */
    static Draft draft(String text, @Nullable Path file) throws ImportException {
        OpenVpn openVpn = new OpenVpn();
        String block = "";
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (!block.isEmpty()) {
                block = line.stripLeading().startsWith("</" + block + ">") ? "" : block;
                continue;
            }
            List<Word> words = words(line, number);
            if (words.isEmpty()) {
                continue;
            }
            String first = words.getFirst().text();
            if (first.matches("<[a-z0-9-]+>")) {
                block = first.substring(1, first.length() - 1);
                openVpn.stays.add(block);
            } else {
                openVpn.option(words);
            }
        }
        return openVpn.routes(file);
    }

    private static List<Word> words(String line, int number) throws ImportException {
        List<Integer> columns = new ArrayList<>();
        List<String> texts;
        try {
            texts = OpenVpnLine.words(line, at -> columns.add(at + 1));
        } catch (IllegalArgumentException e) {
            throw new ImportException(new Word("", number, columns.getLast()), String.valueOf(e.getMessage()));
        }
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            words.add(new Word(i == 0 ? text.replaceFirst("^--", "") : text, number, columns.get(i)));
        }
        return words;
    }

    private void option(List<Word> words) throws ImportException {
        switch (words.getFirst().text()) {
            case "port-share" -> share = words;
            case "local" -> host = value(words);
            case "port", "lport" -> port = value(words);
            case "proto" -> protocol = value(words);
            case "bind" -> isIpv6Only |= words.stream().anyMatch(word -> word.is("ipv6only"));
            default -> stays.add(words.getFirst().text());
        }
    }

    private static Word value(List<Word> words) throws ImportException {
        if (words.size() < 2) {
            throw new ImportException(words.getFirst(), "\"" + words.getFirst().text() + "\" has no value; write one");
        }
        return words.get(1);
    }

    private Draft routes(@Nullable Path file) throws ImportException {
        if (share == null) {
            throw new ImportException("no \"port-share\" in it: then OpenVPN shares its port with nobody");
        }
        if (share.size() < 3) {
            throw new ImportException(share.getFirst(), "\"port-share\" has a host and a port; write both");
        }
        if (protocol == null || !protocol.text().startsWith("tcp")) {
            throw new ImportException(
                    protocol == null ? share.getFirst() : protocol,
                    "port-share works over TCP alone, and so does portshare; is \"proto tcp-server\" missing?");
        }
        Word ownPort = port == null ? share.getFirst().with("1194") : port;
        draft.listen(address(ownPort, protocol));
        Draft.Route route = draft.route(Detectors.OPENVPN, MOVED)
                .note("OpenVPN makes room for portshare. In its configuration, the line port-share goes, and these"
                        + " become: local 127.0.0.1, port 1194, proto tcp-server.");
        new Hiding(draft, route).by(stays, file);
        Draft.Route rest =
                draft.route("rest", share.get(1).backend(share.get(2))).note("Everything else: OpenVPN's port-share.");
        if (share.size() > 3) {
            journal(rest, share.get(3));
        }
        if (!stays.isEmpty()) {
            draft.conclude("All else stays in OpenVPN's configuration, as it is: " + String.join(", ", stays) + ".");
        }
        return draft;
    }

    /** Where port-share writes a file for each connection to the other server. OpenVPN may have gone elsewhere before it looks. */
    private void journal(Draft.Route rest, Word directory) {
        String path = directory.text();
        if (!path.startsWith("/")) {
            draft.unlike(
                    Objects.requireNonNull(share).getFirst(),
                    "... " + path,
                    "the file does not tell where that lies; write journal: with the whole path into the route rest");
            return;
        }
        rest.with("journal", path)
                .note("port-share's files tell that server its clients' addresses; these are the same. portshare's user"
                        + " has to be able to write there: under systemd, write journal: /run/portshare/journal, or"
                        + " ReadWritePaths=" + path + " into the unit.");
    }

    /** Without {@code local}, OpenVPN listens on every address of the families that {@code proto} names. */
    private String address(Word ownPort, Word protocol) throws ImportException {
        if (host != null) {
            return host.listener(ownPort);
        }
        String any = protocol.text().startsWith("tcp4") ? "0.0.0.0" : "::";
        String text = any.equals("0.0.0.0") || isIpv6Only
                ? ownPort.with(any).listener(ownPort)
                : Integer.toString(Ports.number(ownPort));
        return ownPort.with(text).read(ListenAddress::parse).toString();
    }
}
