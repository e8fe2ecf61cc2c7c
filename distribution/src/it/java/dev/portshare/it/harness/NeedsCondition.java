package dev.portshare.it.harness;

import static org.junit.platform.commons.support.AnnotationSupport.findAnnotatedMethods;
import static org.junit.platform.commons.support.AnnotationSupport.findAnnotation;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** Leaves out each test that {@link Needs} what is not there. JUnit finds it (META-INF/services), for every class. */
public final class NeedsCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        LeftOut leftOut = LeftOut.of(context);
        Optional<String> reason = context.getElement().flatMap(NeedsCondition::reason);
        if (reason.isEmpty()) {
            return ConditionEvaluationResult.enabled("all it needs is there");
        }
        tests(context).forEach(test -> leftOut.add(test, reason.get()));
        return ConditionEvaluationResult.disabled(reason.get());
    }

    private static Optional<String> reason(AnnotatedElement element) {
        List<String> needs = findAnnotation(element, Needs.class)
                .map(Needs::value)
                .map(List::of)
                .orElse(List.of());
        if (!needs.isEmpty() && System.getProperty("peers", "auto").equals("none")) {
            return Optional.of("-Dpeers=none");
        }
        String missing = needs.stream().filter(need -> !Machine.has(need)).collect(Collectors.joining(", "));
        return missing.isEmpty() ? Optional.empty() : Optional.of("missing: " + missing);
    }

    /** The test itself, or every test of the class. */
    private static Stream<String> tests(ExtensionContext context) {
        Class<?> type = context.getRequiredTestClass();
        Stream<String> names = context.getTestMethod().isPresent()
                ? context.getTestMethod().map(Method::getName).stream()
                : findAnnotatedMethods(type, Testable.class, HierarchyTraversalMode.TOP_DOWN).stream()
                        .map(Method::getName);
        return names.map(name -> type.getSimpleName() + "." + name);
    }
}
