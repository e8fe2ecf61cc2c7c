package dev.portshare.config;

import dev.portshare.telemetry.AddressMask;
import dev.portshare.telemetry.LogFile;
import dev.portshare.telemetry.LogFile.Rotation;
import dev.portshare.telemetry.LogOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code log:}. */
final class LogReader {
    static final YamlKeys KEYS =
            new YamlKeys(List.of("format", "file", "rotate", "connections", "sample", "anonymize"), Set.of());
    static final YamlKeys ROTATE_KEYS = new YamlKeys(List.of("size", "keep"), Set.of());

    /** Below, a busy portshare would do little else than move files. */
    private static final long MIN_SIZE = 64 << 10;

    private static final Pattern KEEP = Pattern.compile("[1-9][0-9]{0,2}");
    private static final Pattern SAMPLE = Pattern.compile("1/([1-9][0-9]{0,6})");

    private LogReader() {}

    /**
     * What {@code value} says; what is left out, or a problem, is as by default.
     *
     * @param directory what {@code ./} in {@code file} means
     */
    static LogOptions read(@Nullable YamlValue value, Path directory) {
        LogOptions defaults = LogOptions.DEFAULTS;
        YamlFields fields = value == null ? null : value.fields("a mapping such as {format: json}", KEYS);
        if (fields == null) {
            return defaults;
        }
        return new LogOptions(
                read(fields.get("format"), "text or json", oneOf(LogOptions.Format.values()), defaults.format()),
                file(fields, directory),
                read(
                        fields.get("connections"),
                        "all, refused or none",
                        oneOf(LogOptions.Connections.values()),
                        defaults.connections()),
                read(fields.get("sample"), "a share such as 1/100", LogReader::sample, defaults.sample()),
                read(
                        fields.get("anonymize"),
                        "two numbers of bits such as 24/48",
                        AddressMask::parse,
                        defaults.clients()));
    }

    private static <T> T read(@Nullable YamlValue value, String expected, Function<String, T> parse, T otherwise) {
        T read = value == null ? null : value.read(expected, parse);
        return read == null ? otherwise : read;
    }

    /** Reads the words that stand for {@code values}, in lower case. */
    private static <E extends Enum<E>> Function<String, E> oneOf(E[] values) {
        return word -> {
            List<String> words = Arrays.stream(values)
                    .map(value -> value.name().toLowerCase(Locale.ROOT))
                    .toList();
            int index = words.indexOf(word);
            if (index < 0) {
                throw new IllegalArgumentException("no \"" + word + "\" here" + Spelling.remedy(word, words));
            }
            return values[index];
        };
    }

    private static @Nullable LogFile file(YamlFields fields, Path directory) {
        YamlValue file = fields.get("file");
        YamlValue rotate = fields.get("rotate");
        Rotation rotation = rotate == null ? null : rotation(rotate);
        if (file == null) {
            if (rotate != null) {
                rotate.problem("only a file is rotated; write file: as well, such as /var/log/portshare/portshare.log");
            }
            return null;
        }
        Path path = file.read("a file", word -> path(word, directory));
        return path == null ? null : new LogFile(path, rotation);
    }

    private static Path path(String word, Path directory) {
        if (!word.startsWith("/") && !word.startsWith("./") || word.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("\"" + word
                    + "\" does not say in which folder; write /var/log/portshare/portshare.log, or ./portshare.log for"
                    + " one beside this file");
        }
        return directory.resolve(word).normalize();
    }

    private static @Nullable Rotation rotation(YamlValue value) {
        Rotation defaults = Rotation.DEFAULTS;
        YamlFields fields = value.fields("a mapping such as {size: 100MiB, keep: 7}", ROTATE_KEYS);
        return fields == null
                ? null
                : new Rotation(
                        read(fields.get("size"), "a size such as 100MiB", LogReader::size, defaults.size()),
                        read(fields.get("keep"), "a number of files", LogReader::keep, defaults.keep()));
    }

    private static long size(String word) {
        long size = Sizes.parse(word);
        if (size < MIN_SIZE) {
            throw new IllegalArgumentException("\"" + word + "\" is too small; write at least 64KiB");
        }
        return size;
    }

    private static int keep(String word) {
        if (!KEEP.matcher(word).matches()) {
            throw new IllegalArgumentException("cannot keep \"" + word + "\"; write a number from 1 to 999");
        }
        return Integer.parseInt(word);
    }

    private static int sample(String word) {
        var share = SAMPLE.matcher(word);
        if (!share.matches()) {
            throw new IllegalArgumentException("\"" + word + "\" is no share; write one in so many, such as 1/100");
        }
        return Integer.parseInt(share.group(1));
    }
}
