package dev.portshare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portshare.config.Problem;
import dev.portshare.config.Severity;
import org.junit.jupiter.api.Test;

class ProblemFormatTest {
    private static final Problem ERROR = new Problem("a,b:c.yaml", 3, 7, "routes[0].to", "100 % \"wrong\"\n::error::x");
    private static final Problem WHOLE = new Problem("r.yaml", 0, 0, "", "cannot read");

    @Test
    void textIsWhatEditorsRead() {
        assertThat(ProblemFormat.text.line(ERROR))
                .isEqualTo("a,b:c.yaml:3:7: routes[0].to: 100 % \"wrong\"?::error::x");
        assertThat(ProblemFormat.text.line(WHOLE)).isEqualTo("r.yaml: cannot read");
        assertThat(ProblemFormat.text.line(of(Severity.ADVICE))).isEqualTo("r.yaml:1:2: advice: listen: x");
    }

    @Test
    void jsonHasEveryPartOnItsOwn() {
        assertThat(ProblemFormat.json.line(ERROR))
                .isEqualTo("{\"severity\": \"error\", \"file\": \"a,b:c.yaml\", \"line\": 3, \"column\": 7, \"path\":"
                        + " \"routes[0].to\", \"message\": \"100 % \\\"wrong\\\"?::error::x\"}");
        assertThat(ProblemFormat.json.line(WHOLE))
                .isEqualTo("{\"severity\": \"error\", \"file\": \"r.yaml\", \"line\": null, \"column\": null, \"path\":"
                        + " \"\", \"message\": \"cannot read\"}");
    }

    /** What a workflow command's parts may contain: docs.github.com, "Workflow commands", and the runner's own decoding. */
    @Test
    void githubEscapesWhatWouldEndAPart() {
        assertThat(ProblemFormat.github.line(ERROR))
                .isEqualTo("::error file=a%2Cb%3Ac.yaml,line=3,col=7::routes[0].to: 100 %25 \"wrong\"?::error::x");
        assertThat(ProblemFormat.github.line(WHOLE)).isEqualTo("::error file=r.yaml::cannot read");
        assertThat(ProblemFormat.github.line(of(Severity.WARNING)))
                .isEqualTo("::warning file=r.yaml,line=1,col=2::listen: x");
        assertThat(ProblemFormat.github.line(of(Severity.ADVICE))).startsWith("::notice file=");
    }

    private static Problem of(Severity severity) {
        return new Problem(severity, "r.yaml", 1, 2, "listen", "x");
    }
}
