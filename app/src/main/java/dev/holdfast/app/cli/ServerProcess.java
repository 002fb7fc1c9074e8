// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What surrounds a server: the directory's lock, its process id, and how to start another. */
public final class ServerProcess {
  private static final Set<String> PASSED =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "TERM",
          "TZ",
          "TMPDIR",
          "LANG",
          "LANGUAGE",
          "JAVA_HOME",
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "DOCKER_HOST",
          "ECS_DISABLE_IMAGE_CLEANUP",
          "ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION",
          "ECS_IMAGE_CLEANUP_INTERVAL",
          "ECS_IMAGE_MINIMUM_CLEANUP_AGE",
          "ECS_NUM_IMAGES_DELETE_PER_CYCLE",
          "AWS_REGION",
          "ROCKSDB_MUSL_LIBC");

  private static final List<String> FAMILIES =
      List.of("LC_", "XDG_", "LD_", "MALLOC_", "FAKETIME", "HOLDFAST_");

  private ServerProcess() {}

  /**
   * Holds the directory and runs the server in this process.
   *
   * @throws CliFailure where a server already runs on the directory
   */
  static int run(ServerOptions options, Processes processes) throws IOException {
    var dir = new DataDir(options.dataDir());
    Variables.check(System.getenv());
    Ownership.check(dir);
    dir.create();
    try (var _ = DirectoryLock.tryAcquire(dir.lockFile()).orElseThrow(() -> taken(dir))) {
      enter(dir, ProcessHandle.current().pid(), Disk.local());
      dir.pidFile().toFile().deleteOnExit();
      return processes.server(options);
    }
  }

  /**
   * Notes that a server works here: whose process it is, and that there may be containers. On a
   * full disk the server starts all the same; only its number is not told then.
   */
  static void enter(DataDir dir, long pid, Disk disk) throws IOException {
    disk.deleteDurably(dir.nothingLeft());
    try {
      disk.replace(dir.pidFile(), (pid + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      System.err.println(dir.pidFile() + " cannot be written: " + e.getMessage());
    }
  }

  static CliFailure taken(DataDir dir) {
    return new CliFailure(
        "a platform already runs on "
            + dir.path()
            + dir.pid().map(pid -> " (process " + pid + ")").orElse("")
            + "; see ./holdfast status, stop it with ./holdfast down");
  }

  /**
   * The command that runs this program again with other arguments: the launcher where it started us
   * (it keeps the flags of the virtual machine in one place), else Java itself.
   */
  public static List<String> command(String... arguments) {
    var words = new ArrayList<String>();
    String launcher = System.getProperty("holdfast.launcher", "");
    if (launcher.isEmpty()) {
      words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      words.addAll(List.of("-cp", System.getProperty("java.class.path")));
      words.add("dev.holdfast.app.Main");
    } else {
      words.add(launcher);
    }
    words.addAll(Arrays.asList(arguments));
    return words;
  }

  /**
   * Such a command about to be run, with those variables of this process that a program needs, and
   * no other: a session of AWS, or a password that a shell holds, is not for a process that lives
   * for months.
   */
  public static ProcessBuilder builder(List<String> command) {
    var builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> !passes(name));
    return builder;
  }

  static boolean passes(String name) {
    return PASSED.contains(name) || FAMILIES.stream().anyMatch(name::startsWith);
  }
}
