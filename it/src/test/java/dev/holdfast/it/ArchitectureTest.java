// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.FileOutputStream;
import java.io.FileWriter;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The walls of docs/architecture.md that Maven modules cannot hold. */
class ArchitectureTest {
  private static final List<String> SERVICES =
      List.of("trail", "iam", "kms", "ssm", "secrets", "logs", "registry", "ecs");

  private static JavaClasses ours;

  @BeforeAll
  static void read() {
    ours =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.holdfast");
  }

  private static void noneIn(String[] rooms, String... forbidden) {
    ArchRule rule =
        noClasses()
            .that()
            .resideInAnyPackage(rooms)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(forbidden);
    rule.check(ours);
  }

  private static void noneOutside(String[] rooms, String... forbidden) {
    noClasses()
        .that()
        .resideOutsideOfPackages(rooms)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .check(ours);
  }

  private static String[] in(String... rooms) {
    return rooms;
  }

  @Test
  void plansDoNoInputOrOutput() {
    String[] pure = in("dev.holdfast.*.plan..", "dev.holdfast.policy..");
    noneIn(pure, "dev.holdfast.http..", "java.nio.file..");
    noClasses()
        .that()
        .resideInAnyPackage(pure)
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("java.net..")
                .and(not(JavaClass.Predicates.belongToAnyOf(URLDecoder.class, URLEncoder.class))))
        .check(ours);
    noClasses()
        .that()
        .resideInAnyPackage(pure)
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.time.InstantSource")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("dev.holdfast.service.State")
        .check(ours);
  }

  @Test
  void stateRecordsKnowNoWire() {
    noneIn(in("dev.holdfast.*.model.."), "dev.holdfast.aws..", "dev.holdfast.http..");
  }

  @Test
  void enginesStayInsideTheirWalls() {
    noneOutside(in("dev.holdfast.http.."), "org.eclipse.jetty..");
    noneOutside(in("dev.holdfast.store.rocksdb.."), "org.rocksdb..");
  }

  @Test
  void servicesSeeOfEachOtherOnlyTheFront() {
    for (String service : SERVICES) {
      String home = "dev.holdfast." + service;
      // app is where they are wired to each other
      noneOutside(
          in(home + "..", "dev.holdfast.app.."),
          home + ".api..",
          home + ".control..",
          home + ".plan..");
    }
  }

  @Test
  void timeAndChanceAreArguments() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.holdfast.app..")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .check(ours);
  }

  /** Classes, or methods of classes, that may open or change files without a disk, and why. */
  private static final Set<String> WITHOUT_DISK =
      Set.of(
          "dev.holdfast.kit.disk.LocalDisk", // is the disk
          "dev.holdfast.codegen.Main", // runs in the build
          "dev.holdfast.app.cli.DirectoryLock", // locks a file that stays empty
          "dev.holdfast.agent.cgroup.CgroupFolders", // what is written there is the kernel's
          "dev.holdfast.agent.cgroup.CgroupSlices", // units in memory, which end with the machine's
          // run
          "dev.holdfast.agent.AgentMain#lock", // locks a file that stays empty
          "dev.holdfast.app.backup.Vault#create", // locks a file that it does not change
          "dev.holdfast.app.Server#adminDoor", // unlinks a socket that nobody listens on
          "dev.holdfast.agent.AgentControl", // the same
          "dev.holdfast.store.rocksdb.Shadow", // links in a temporary folder, which goes
          "dev.holdfast.app.Backups#check", // makes a scratch copy, which goes
          "dev.holdfast.app.cli.Train", // works in a temporary folder and takes it away
          "dev.holdfast.app.cli.AwsCli"); // writes a script anew whenever the shell asks for it

  private static final Pattern CHANGES =
      Pattern.compile(
          "write.*|new(OutputStream|ByteChannel|BufferedWriter)|create.*|copy|move|delete.*");

  private static boolean changesFiles(JavaCall<?> call) {
    JavaClass owner = call.getTargetOwner();
    String name = call.getTarget().getName();
    boolean toStream =
        call.getTarget().getRawParameterTypes().stream()
            .anyMatch(type -> type.isEquivalentTo(OutputStream.class));
    boolean changes = owner.isEquivalentTo(Files.class) && CHANGES.matcher(name).matches();
    boolean opens =
        (owner.isEquivalentTo(FileChannel.class)
                || owner.isEquivalentTo(AsynchronousFileChannel.class))
            && name.equals("open");
    boolean old =
        Stream.of(FileOutputStream.class, FileWriter.class, RandomAccessFile.class)
                .anyMatch(owner::isEquivalentTo)
            && name.equals("<init>");
    return (changes && !toStream) || opens || old;
  }

  private static boolean mayDoWithoutDisk(JavaCall<?> call) {
    String owner = call.getOriginOwner().getName().replaceAll("\\$.*", "");
    return WITHOUT_DISK.contains(owner)
        || WITHOUT_DISK.contains(owner + "#" + call.getOrigin().getName());
  }

  private static ArchRule throughTheDisk() {
    return noClasses()
        .should()
        .callCodeUnitWhere(
            DescribedPredicate.describe(
                "it opens or changes a file",
                call -> changesFiles(call) && !mayDoWithoutDisk(call)))
        .because("a power cut is replayed on the calls of the disk alone");
  }

  @Test
  void filesAreChangedThroughTheDiskAlone() {
    throughTheDisk().check(ours);
    JavaClasses tests = new ClassFileImporter().importClasses(Scribbler.class);
    assertThat(throughTheDisk().evaluate(tests).hasViolation()).isTrue();
  }

  /** What the rule has to find. */
  @SuppressWarnings("UnusedMethod")
  private static final class Scribbler {
    static void scribble(java.nio.file.Path file) throws java.io.IOException {
      Files.writeString(file, "");
    }
  }

  @Test
  void nobodyPrintsButTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.holdfast.app..", "dev.holdfast.agent..", "dev.holdfast.codegen..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(ours);
  }

  @Test
  void modulesFormNoCircles() {
    slices().matching("dev.holdfast.(*)..").should().beFreeOfCycles().check(ours);
  }

  @Test
  void constructorsAndInterfacesStaySmall() {
    classes()
        .that()
        .resideOutsideOfPackages("dev.holdfast.aws.*..")
        .should(new Small())
        .check(ours);
  }

  private static final class Small extends ArchCondition<JavaClass> {
    Small() {
      super("have at most 7 constructor parameters and 12 abstract methods an interface");
    }

    @Override
    public void check(JavaClass c, ConditionEvents events) {
      boolean data = c.isRecord() || c.isEnum() || c.isAnonymousClass();
      boolean wide =
          !data && c.getConstructors().stream().anyMatch(k -> k.getRawParameterTypes().size() > 7);
      boolean tall =
          c.isInterface()
              && !c.isAnnotation()
              && c.getMethods().stream()
                      .filter(m -> m.getModifiers().contains(JavaModifier.ABSTRACT))
                      .count()
                  > 12;
      if (wide || tall) {
        events.add(SimpleConditionEvent.violated(c, c.getName() + " is too wide"));
      }
    }
  }
}
