import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableBody;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.CustomNode;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/**
 * Renders Markdown as a man page, man(7). A table becomes a list of terms, each row's first cell with the others below it:
 * on a terminal, its columns would be too narrow to read.
 */
final class ManPage extends AbstractVisitor {
    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

    private static final int LIST_INDENT = 4;

    private final StringBuilder page = new StringBuilder();
    /** Where the next list item counts from; 0 in a list of bullets. */
    private int number;

    private List<String> labels = List.of();

    private ManPage() {}

    /** The page {@code name(section)}; {@code date} is the day of its last change, as {@code 2026-11-23}. */
    static String render(String name, int section, String date, String version, String markdown) {
        ManPage page = new ManPage();
        page.macro("TH " + quoted(name) + " " + section + " " + quoted(date) + " " + quoted("portshare " + version));
        page.macro("nr HY 0"); // Keys and paths are not hyphenated,
        page.macro("ad l"); // nor lines stretched.
        PARSER.parse(markdown).accept(page);
        return page.page.toString();
    }

    @Override
    public void visit(Heading heading) {
        if (heading.getLevel() > 1) { // The title is the page's name.
            boolean isSection = heading.getLevel() == 2;
            String words = text(heading);
            macro((isSection ? "SH " : "SS ") + quoted(isSection ? words.toUpperCase(Locale.ROOT) : words));
        }
    }

    @Override
    public void visit(Paragraph paragraph) {
        separate(paragraph);
        line(paragraph);
    }

    @Override
    public void visit(FencedCodeBlock block) {
        separate(block);
        macro("RS 4");
        macro("EX");
        block.getLiteral()
                .lines()
                .forEach(text -> page.append(protectedLine(code(text))).append('\n'));
        macro("EE");
        macro("RE");
    }

    /** Begins a paragraph, where neither a heading nor a mark of the list does. */
    private void separate(Node block) {
        if (block.getParent() instanceof ListItem) {
            if (block.getPrevious() != null) {
                macro("IP \"\" " + LIST_INDENT);
            }
        } else if (page.lastIndexOf("\n.S") != page.lastIndexOf("\n", page.length() - 2)) {
            macro("PP");
        }
    }

    @Override
    public void visit(BulletList list) {
        number = 0;
        visitChildren(list);
    }

    @Override
    public void visit(OrderedList list) {
        number = 1;
        visitChildren(list);
    }

    @Override
    public void visit(ListItem item) {
        macro("IP " + (number == 0 ? "\\(bu" : number++ + ".") + " " + LIST_INDENT);
        visitChildren(item);
    }

    /** Comments of the Markdown. */
    @Override
    public void visit(HtmlBlock block) {}

    @Override
    public void visit(CustomBlock block) {
        if (block instanceof TableBlock) {
            visitChildren(block);
        }
    }

    @Override
    public void visit(CustomNode node) {
        switch (node) {
            case TableHead head ->
                labels = cells(head.getFirstChild()).map(ManPage::text).toList();
            case TableBody body -> children(body).forEach(this::row);
            default -> visitChildren(node);
        }
    }

    private void row(Node row) {
        List<Node> cells = cells(row).toList();
        macro("TP");
        line(cells.getFirst());
        boolean first = true;
        for (int column = 1; column < cells.size(); column++) {
            Node cell = cells.get(column);
            if (cell.getFirstChild() != null) {
                if (!first) {
                    macro("br");
                }
                first = false;
                // With one column beside the term, the heading above says what it is.
                String label = cells.size() > 2 ? labels.get(column) : "";
                line(cell, label.isEmpty() ? "" : "\\fI" + escaped(label) + ":\\fR ");
            }
        }
    }

    private static Stream<Node> cells(Node row) {
        return children(row).filter(TableCell.class::isInstance);
    }

    private static Stream<Node> children(Node parent) {
        return Stream.iterate(parent.getFirstChild(), child -> child != null, Node::getNext);
    }

    private void macro(String words) {
        page.append('.').append(words).append('\n');
    }

    private void line(Node parent) {
        line(parent, "");
    }

    /** A line of what {@code parent} holds: in roff, only the first character of a line can make a command of it. */
    private void line(Node parent, String before) {
        Inline inline = new Inline();
        parent.accept(inline);
        page.append(protectedLine(before + inline.text)).append('\n');
    }

    private static String protectedLine(String line) {
        return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
    }

    private static String quoted(String words) {
        return '"' + escaped(words) + '"';
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("\"", "\\(dq").replace("'", "\\(aq");
    }

    /** As it is to be typed: a hyphen is a minus sign, and not a mark of the printer's. */
    private static String code(String text) {
        return escaped(text)
                .replace("-", "\\-")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti")
                .replace("`", "\\(ga");
    }

    private static String text(Node node) {
        Inline inline = new Inline();
        inline.plain = true;
        node.accept(inline);
        return inline.text.toString();
    }

    /** What stands in one line. */
    private static final class Inline extends AbstractVisitor {
        final StringBuilder text = new StringBuilder();
        boolean plain;

        @Override
        public void visit(Text node) {
            text.append(plain ? node.getLiteral() : escaped(node.getLiteral()));
        }

        @Override
        public void visit(Code node) {
            text.append(plain ? node.getLiteral() : "\\fB" + code(node.getLiteral()) + "\\fR");
        }

        @Override
        public void visit(Emphasis node) {
            inFont("\\fI", node);
        }

        @Override
        public void visit(StrongEmphasis node) {
            inFont("\\fB", node);
        }

        /** A link within the documentation leads nowhere from here; another one's address is said. */
        @Override
        public void visit(Link node) {
            visitChildren(node);
            if (node.getDestination().contains("://")) {
                text.append(" (").append(code(node.getDestination())).append(")");
            }
        }

        @Override
        public void visit(SoftLineBreak node) {
            text.append(' ');
        }

        @Override
        public void visit(HardLineBreak node) {
            text.append("\n.br\n");
        }

        @Override
        public void visit(CustomNode node) {
            visitChildren(node);
        }

        private void inFont(String font, Node node) {
            text.append(plain ? "" : font);
            visitChildren(node);
            text.append(plain ? "" : "\\fR");
        }
    }
}
