package dev.portshare.it.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** Chromium without a window, showing one page, and led over its DevTools protocol. */
public final class Browser implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://([^/]+)/");
    private static final Pattern SOCKET = Pattern.compile("\"webSocketDebuggerUrl\": *\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("^\\{\"id\":(\\d+)");
    private static final Pattern COMPLAINT = Pattern.compile(
            "^\\{\"method\":\"(Runtime\\.exceptionThrown|Log\\.entryAdded|Runtime\\.consoleAPICalled)\"");

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    /** Starts it with an empty page. */
    public Browser(Path profile) throws Exception {
        process = Command.builder(List.of(
                        "chromium",
                        "--headless",
                        "--no-sandbox", // root has none
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank"))
                .redirectErrorStream(true)
                .start();
        try {
            HttpClient http = HttpClient.newHttpClient();
            HttpRequest page = HttpRequest.newBuilder(URI.create("http://" + address() + "/json/new?about:blank"))
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build();
            Matcher url = SOCKET.matcher(
                    http.send(page, HttpResponse.BodyHandlers.ofString()).body());
            if (!url.find()) {
                throw new AssertionError("no page in chromium");
            }
            socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create(url.group(1)), new Listener())
                    .get(Portshare.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            send("Runtime.enable", "");
            send("Log.enable", "");
            send("Page.enable", "");
        } catch (Exception | AssertionError e) {
            end();
            throw e;
        }
    }

    /** Where it can be led, which it says; what else it says is read and forgotten. */
    private String address() throws IOException {
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                Thread.ofVirtual().start(() -> output.lines().forEach(_ -> {}));
                return listening.group(1);
            }
        }
        throw new IOException("chromium does not start");
    }

    /** Shows {@code url}. */
    public void open(String url) throws Exception {
        send("Page.navigate", "\"url\":" + quoted(url));
    }

    /** Has the page in a window of that size, with the colours that somebody prefers: {@code light} or {@code dark}. */
    public void show(int width, int height, String colours) throws Exception {
        send(
                "Emulation.setDeviceMetricsOverride",
                "\"width\":%d,\"height\":%d,\"deviceScaleFactor\":1,\"mobile\":%b"
                        .formatted(width, height, width < 600));
        send(
                "Emulation.setEmulatedMedia",
                "\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":" + quoted(colours) + "}]");
    }

    /** Presses a key, called as in {@code KeyboardEvent.key}. */
    public void press(String key) throws Exception {
        String text = key.length() == 1 ? ",\"text\":" + quoted(key) : "";
        send("Input.dispatchKeyEvent", "\"type\":\"keyDown\",\"key\":" + quoted(key) + text);
        send("Input.dispatchKeyEvent", "\"type\":\"keyUp\",\"key\":" + quoted(key));
    }

    /** Waits until the expression, in JavaScript, is true of the page. */
    public void until(String expression) {
        // What it asks for need not be there yet.
        String code = "(() => { try { return Boolean(" + expression + "); } catch { return false; } })()";
        try {
            Awaitility.await()
                    .atMost(Portshare.PATIENCE)
                    .until(() -> evaluate(code).contains("\"value\":true"));
        } catch (RuntimeException e) {
            throw new AssertionError("not so: " + expression + "\n" + text() + "\n" + complaints, e);
        }
    }

    private String text() {
        try {
            return evaluate("document.body.innerText");
        } catch (Exception e) {
            return e.toString();
        }
    }

    private String evaluate(String code) throws Exception {
        return send("Runtime.evaluate", "\"returnByValue\":true,\"expression\":" + quoted(code));
    }

    /** What the page, or the browser about the page, has written to the console, in JSON: a broken policy is told there. */
    public List<String> complaints() {
        return complaints;
    }

    private String send(String method, String parameters) throws Exception {
        int id = lastId.incrementAndGet();
        CompletableFuture<String> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText("{\"id\":%d,\"method\":\"%s\",\"params\":{%s}}".formatted(id, method, parameters), true)
                .join();
        String text = answer.get(Portshare.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (text.contains("\"exceptionDetails\"") || text.contains("\"error\":{")) {
            throw new AssertionError(method + " " + parameters + ": " + text);
        }
        return text;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                take(message.toString());
                message.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void take(String text) {
            Matcher id = ID.matcher(text);
            if (id.find()) {
                answers.get(Integer.parseInt(id.group(1))).complete(text);
            } else if (COMPLAINT.matcher(text).find()) {
                complaints.add(text);
            }
        }
    }

    private void end() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        socket.abort();
        end();
        process.onExit().join();
    }
}
