// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.cli.hosts.JoinOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineTest {
  private static final String STATUS =
      """
      {"version":"0.1.0","pid":7,"profile":"dev","url":"http://127.0.0.1:4566","account":"000000000000",\
      "region":"us-east-1","agent":{"connected":false,"reason":"tasks need root"},\
      "enforced":["authentication"],"taught":["image-trusted"],"unknownOperations":{"ecs:CreateService":3},\
      "dataDir":"/d","rootKey":"/d/root.key"}""";

  @TempDir Path dir;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return HoldfastCommand.commandLine(new NoProcesses())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  record NoProcesses() implements Processes {
    @Override
    public int server(ServerOptions options) {
      return 1;
    }

    @Override
    public CheckReport check(CheckOptions options) {
      var findings =
          List.of(
              dev.holdfast.service.Finding.damage("blob x", "is missing", "push it"),
              dev.holdfast.service.Finding.note("blob y", "is of no repository"));
      return options.mode() == CheckOptions.Mode.LOOK
          ? new CheckReport("looked", findings, List.of())
          : new CheckReport("looked", findings.subList(1, 2), List.of("all"));
    }

    @Override
    public int agent(List<String> arguments) {
      return 1;
    }

    @Override
    public int host(JoinOptions options) {
      return 1;
    }

    @Override
    public Custody custody() {
      throw new Failed("there is none");
    }
  }

  private FakeDoor door(int status, String body) throws IOException {
    new DataDir(dir).create();
    return new FakeDoor(new DataDir(dir).adminSocket(), status, body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up",
        "down",
        "status",
        "env",
        "logs",
        "explain",
        "fsck",
        "version",
        "backup",
        "restore",
        "ps",
        "top",
        "history",
        "events",
        "iam",
        "iam shrink",
        "quota",
        "guardrails",
        "guardrails except",
        "guardrails end"
      })
  void everyCommandExplainsItself(String command) {
    assertThat(run((command + " --help").split(" ", -1))).isZero();
    assertThat(out.toString()).startsWith("Usage: holdfast " + command);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fly",
        "up --profile loose",
        "up --port many",
        "up --port 70000",
        "down --stop-tasks --keep-tasks",
        "explain",
        "task",
        "audit",
        "fsck --repair --accept-loss"
      })
  void wrongUsageIsTwo(String line) {
    assertThat(run(line.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString()).isNotEmpty();
  }

  @Test
  void preparesOneCommandAsItPreparesAll() {
    var all = HoldfastCommand.commandLine(new NoProcesses());
    assertThat(all.getSubcommands()).hasSizeGreaterThan(25).containsKeys("up", "help", "train");
    all.getSubcommands()
        .forEach(
            (name, command) -> {
              Object itself = command.getCommandSpec().userObject();
              assertThat(itself.getClass().getAnnotation(picocli.CommandLine.Command.class).name())
                  .isEqualTo(name);
              var one = HoldfastCommand.commandLine(new NoProcesses(), new String[] {name, "-x"});
              assertThat(one.getSubcommands().get(name))
                  .extracting(picocli.CommandLine::getUsageMessage)
                  .isEqualTo(command.getUsageMessage());
              assertThat(one.getSubcommands())
                  .hasSize(name.equals("help") ? all.getSubcommands().size() : 1);
            });
  }

  @Test
  void fsckPrintsWhatIsWrongAndWhatToDo() {
    assertThat(run("fsck", "--data-dir", dir.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("DAMAGE  blob x is missing", "-> push it", "note    blob y")
        .endsWith("One thing is wrong.\n");
    assertThat(run("fsck", "--repair", "--data-dir", dir.toString())).isZero();
    assertThat(out.toString()).contains("mended  all").endsWith("Nothing is wrong.\n");
  }

  @Test
  void fsckRefusesADirectoryOnWhichAServerRuns() throws IOException {
    var data = new DataDir(dir);
    data.create();
    java.nio.file.Files.writeString(data.pidFile(), "4711\n");
    try (var _ = DirectoryLock.tryAcquire(data.lockFile()).orElseThrow()) {
      assertThat(run("fsck", "--data-dir", dir.toString())).isEqualTo(1);
      assertThat(err.toString()).contains("process 4711");
    }
  }

  @Test
  void namesTheCommandThatStartsAPlatform() {
    assertThat(run("status", "--data-dir", dir.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("./holdfast up --detach --data-dir " + dir);
  }

  @Test
  void statusTellsWhatIsEnforcedAndWhatWasAskedInVain() throws IOException {
    try (var _ = door(200, STATUS)) {
      assertThat(run("status", "--data-dir", dir.toString())).isZero();
    }
    assertThat(out.toString())
        .contains("enforced    authentication", "only taught image-trusted")
        .contains("ecs:CreateService 3 times", "cannot run here: tasks need root");
  }

  @Test
  void statusShowsAlarmsAndLetsNothingActOnATerminal() throws IOException {
    String hostile =
        STATUS
            .replace("tasks need root", "\\u001b[2J\\u202eroot\\nforged  line")
            .replace(
                "{\"version\"",
                "{\"alarms\":[\"refused arn:x\\u009b31m: a second stream\"],\"version\"");
    try (var _ = door(200, hostile)) {
      assertThat(run("status", "--data-dir", dir.toString())).isZero();
    }
    assertThat(out.toString())
        .contains("alarm       refused arn:x\\x9b31m: a second stream")
        .contains("cannot run here: \\e[2J\\u{202e}root\\nforged  line\n");
    assertThat(out.toString().chars().anyMatch(c -> c == 0x1b || c == 0x9b || c == 0x202e))
        .isFalse();
    out.getBuffer().setLength(0);
    Files.delete(new DataDir(dir).adminSocket());
    try (var _ = door(200, hostile)) {
      assertThat(run("status", "--json", "--data-dir", dir.toString())).isZero();
    }
    assertThat(out.toString())
        .containsIgnoringCase("\\u001b[2J\\u202eroot")
        .containsIgnoringCase("\\u009b31m");
  }

  @Test
  void downSaysWhichTasksRunAndBothWaysOut() throws Exception {
    String arn = "arn:aws:ecs:us-east-1:000000000000:task/shop/1";
    try (var _ = door(409, "{\"message\":\"1 task runs\",\"tasks\":[\"" + arn + "\"]}");
        var _ = DirectoryLockTest.heldElsewhere(new DataDir(dir).lockFile())) {
      assertThat(run("down", "--data-dir", dir.toString())).isEqualTo(1);
    }
    assertThat(err.toString()).contains("1 task runs", arn, "--stop-tasks", "--keep-tasks");
  }

  @Test
  void downOfNothingIsDone() {
    assertThat(run("down", "--data-dir", dir.resolve("none").toString())).isZero();
    assertThat(dir.resolve("none")).doesNotExist();
  }

  @Test
  void stoppingTasksTwiceIsDone() throws IOException {
    new DataDir(dir).create();
    Files.writeString(new DataDir(dir).nothingLeft(), "");

    assertThat(run("down", "--stop-tasks", "--data-dir", dir.toString())).isZero();
  }

  @Test
  void auditVerifyFailsWhereTheTrailWasTouched() throws IOException {
    try (var _ = door(200, "{\"ok\":false,\"text\":\"record 7 was changed\"}")) {
      assertThat(run("audit", "verify", "--data-dir", dir.toString())).isEqualTo(1);
    }
    assertThat(out.toString()).contains("record 7 was changed");
  }

  @Test
  void explainAsksForTheEncodedId() throws Exception {
    try (var door = door(200, "{\"text\":\"denied by nothing\"}")) {
      assertThat(run("explain", "a/b c", "--data-dir", dir.toString())).isZero();
      assertThat(door.request()).startsWith("GET /explain/a%2Fb%20c ");
    }
  }

  @Test
  void secondServerOnADirectoryIsRefused() throws Exception {
    new DataDir(dir).create();
    Files.writeString(new DataDir(dir).pidFile(), "42\n");
    try (var _ = DirectoryLockTest.heldElsewhere(new DataDir(dir).lockFile())) {
      assertThat(run("server", "--data-dir", dir.toString())).isEqualTo(1);
    }
    assertThat(err.toString()).contains("already runs", "process 42");
  }

  @Test
  void namesTheNearestOptionAndCommand() {
    assertThat(run("up", "--prot", "1")).isEqualTo(2);
    assertThat(err.toString()).contains("--port");
    assertThat(run("stauts")).isEqualTo(2);
    assertThat(err.toString()).contains("status");
  }

  @Test
  void namesTheNearestEnvironmentVariable() {
    assertThatThrownBy(() -> Variables.check(Map.of("HOLDFAST_HAEP", "1g")))
        .hasMessageContaining("HOLDFAST_HAEP; did you mean HOLDFAST_HEAP?");
    Variables.check(Map.of("HOLDFAST_HEAP", "1g", "HOLDFAST_TEST_AWS", "x", "PATH", "/"));
  }

  @Test
  void refusesADirectoryThatOthersCanChangeAndTouchesNothing() throws Exception {
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwx---"));
    assertThat(run("server", "--data-dir", dir.toString())).isEqualTo(1);
    assertThat(err.toString()).contains(dir + " can be changed by others: chmod go-w " + dir);
    try (var files = Files.list(dir)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void refusesAKeyringThatOthersCanRead() throws Exception {
    Path ring = Files.writeString(dir.resolve("keyring.json"), "{}");
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(ring, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(run("server", "--data-dir", dir.toString())).isEqualTo(1);
    assertThat(err.toString()).contains(ring + " can be read by others: chmod 600 " + ring);
  }

  @Test
  void aRunningPlatformRotatesItsRootKeyItself() throws Exception {
    var data = new DataDir(dir);
    data.create();
    try (var door = door(200, "{\"text\":\"another one now\"}");
        var _ = DirectoryLock.tryAcquire(data.lockFile()).orElseThrow()) {
      assertThat(run("key", "rotate", "--end-sessions", "--data-dir", dir.toString())).isZero();
      assertThat(door.request()).startsWith("POST /key/rotate ").endsWith("{\"endSessions\":true}");
      assertThat(run("key", "rotate", "--data-dir", dir.toString())).isZero();
      assertThat(door.request()).startsWith("POST /key/rotate ").doesNotContain("endSessions");
    }
    assertThat(out.toString()).isEqualTo("another one now\nanother one now\n");
  }
}
