package dev.portshare.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The table in docs/architecture.md, kept true. */
@AnalyzeClasses(packages = "dev.portshare", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule importsOnlyPointDown = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("portshare")
            .definedBy("dev.portshare")
            .layer("config")
            .definedBy("dev.portshare.config")
            .layer("admin")
            .definedBy("dev.portshare.admin")
            .layer("telemetry")
            .definedBy("dev.portshare.telemetry")
            .layer("listen")
            .definedBy("dev.portshare.listen")
            .layer("splice")
            .definedBy("dev.portshare.splice")
            .layer("backend")
            .definedBy("dev.portshare.backend..")
            .layer("dns")
            .definedBy("dev.portshare.dns")
            .layer("handover")
            .definedBy("dev.portshare.handover")
            .layer("systemd")
            .definedBy("dev.portshare.systemd")
            .layer("os")
            .definedBy("dev.portshare.os")
            .layer("tls")
            .definedBy("dev.portshare.tls")
            .layer("connection")
            .definedBy("dev.portshare.connection")
            .layer("route")
            .definedBy("dev.portshare.route")
            .layer("detect")
            .definedBy("dev.portshare.detect..")
            .layer("session")
            .definedBy("dev.portshare.session")
            .layer("replay")
            .definedBy("dev.portshare.replay")
            .whereLayer("portshare")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("portshare")
            .whereLayer("admin")
            .mayOnlyBeAccessedByLayers("portshare", "config")
            .whereLayer("telemetry")
            .mayOnlyBeAccessedByLayers("portshare", "config", "admin")
            .whereLayer("listen")
            .mayOnlyBeAccessedByLayers("portshare", "config")
            .whereLayer("splice")
            .mayOnlyBeAccessedByLayers("listen")
            .whereLayer("backend")
            .mayOnlyBeAccessedByLayers("portshare", "listen")
            .whereLayer("dns")
            .mayOnlyBeAccessedByLayers("backend")
            .whereLayer("handover")
            .mayOnlyBeAccessedByLayers("portshare")
            .whereLayer("systemd")
            .mayOnlyBeAccessedByLayers("portshare", "listen", "handover")
            .whereLayer("os")
            .mayOnlyBeAccessedByLayers("portshare", "listen", "handover", "systemd")
            .whereLayer("connection")
            .mayOnlyBeAccessedByLayers("portshare", "telemetry", "listen", "handover", "splice", "backend")
            .whereLayer("route")
            .mayOnlyBeAccessedByLayers("portshare", "admin", "config", "listen", "backend", "tls")
            .whereLayer("tls")
            .mayOnlyBeAccessedByLayers("portshare", "listen", "backend", "connection")
            .whereLayer("detect")
            .mayOnlyBeAccessedByLayers("portshare", "config", "listen", "backend", "connection", "route")
            .whereLayer("replay")
            .mayOnlyBeAccessedByLayers("portshare", "listen");

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("dev.portshare.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule pureCodeKnowsNoSocket = classes()
            .that()
            .resideInAnyPackage(
                    "dev.portshare.session", "dev.portshare.detect..", "dev.portshare.route", "dev.portshare.config")
            .should()
            .onlyDependOnClassesThat(are(resideInAnyPackage(
                    "java..",
                    "javax.crypto..",
                    "javax.security.auth.x500..",
                    "org.jspecify..",
                    "com.google.re2j..",
                    "org.snakeyaml..",
                    "org.bouncycastle.crypto..",
                    "dev.portshare..")));

    @ArchTest
    static final ArchRule onlyOpenVpnsKeysNeedBouncyCastle = noClasses()
            .that()
            .resideOutsideOfPackage("dev.portshare.detect.openvpn")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle..");

    @ArchTest
    static final ArchRule whatIsRememberedKnowsJavaAlone = classes()
            .that()
            .resideInAPackage("dev.portshare.replay")
            .should()
            .onlyDependOnClassesThat(are(resideInAnyPackage("java..", "org.jspecify..", "dev.portshare.replay")));

    @ArchTest
    static final ArchRule nettyStaysWhereTheTableSays = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.portshare",
                    "dev.portshare.admin",
                    "dev.portshare.connection",
                    "dev.portshare.tls",
                    "dev.portshare.backend",
                    "dev.portshare.dns",
                    "dev.portshare.splice",
                    "dev.portshare.listen",
                    "dev.portshare.handover",
                    "dev.portshare.systemd")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule theLibraryNeverEndsTheProcess =
            noClasses().should().callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule nobodySleeps = noClasses().should().callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule nobodyReadsTheWallClock = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now");
}
