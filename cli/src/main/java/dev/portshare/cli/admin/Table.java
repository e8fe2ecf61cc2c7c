package dev.portshare.cli.admin;

import java.util.ArrayList;
import java.util.List;

/** Columns of words, as wide as their widest word. */
public final class Table {
    private static final String GAP = "  ";

    private final String alignment;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param alignment of each column: {@code <} to the left, {@code >} to the right */
    public Table(String alignment) {
        this.alignment = alignment;
    }

    /** Adds a row, with a word for each column. */
    public void add(String... words) {
        rows.add(List.of(words));
    }

    /** The lines. */
    public List<String> lines() {
        int[] widths = new int[alignment.length()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String blanks = " ".repeat(widths[i] - row.get(i).length());
            boolean toTheRight = alignment.charAt(i) == '>';
            line.append(i == 0 ? "" : GAP).append(toTheRight ? blanks : "").append(row.get(i));
            line.append(toTheRight ? "" : blanks);
        }
        return line.toString().stripTrailing();
    }
}
