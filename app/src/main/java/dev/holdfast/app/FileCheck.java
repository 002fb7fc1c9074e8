// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.agent.logs.LogPlaces;
import dev.holdfast.agent.task.TaskFiles;
import dev.holdfast.agent.tidy.PulledImages;
import dev.holdfast.app.join.JoinedMachine;
import dev.holdfast.service.Finding;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks at the files of a data directory from outside: names, owners and modes. */
final class FileCheck {
  /** What is ever written at the top; a name with {@code .new} is a draft that a crash left. */
  private static final Set<String> KNOWN =
      Set.of(
          Foundation.KEYRING,
          Installation.FILE,
          "root.key",
          "root.key" + RootKeyRotation.NEXT,
          "root.key" + RootKeyRotation.PREVIOUS,
          "server.pid",
          "state",
          "blobs",
          "agent",
          "bin",
          "logs",
          "run",
          "membership.json",
          "host.key",
          "host.key.next",
          "ca.pem");

  /** What is secret, or leads to it. */
  private static final List<String> PRIVATE =
      List.of(
          Foundation.KEYRING,
          "root.key",
          "root.key" + RootKeyRotation.NEXT,
          "root.key" + RootKeyRotation.PREVIOUS,
          "state",
          "blobs",
          "run",
          "agent",
          "host.key",
          "host.key.next");

  /** Folders that nobody but the platform writes to. */
  private static final Set<String> OURS_THROUGHOUT = Set.of("state", "blobs", "agent", "run");

  private static final Pattern IN_STATE =
      Pattern.compile(
          "CURRENT|LOCK|IDENTITY|HIGH-WATER|native|probe|reserve|torn-.*|LOG(\\.old\\.\\d+)?"
              + "|(MANIFEST|OPTIONS)-\\d+(\\.dbtmp)?|\\d+\\.(log|sst|dbtmp|blob)|.*\\.new");

  private static final Pattern IN_BLOBS = Pattern.compile("sha256|uploads|quarantine");
  private static final Pattern IN_QUARANTINE = Pattern.compile("[0-9a-f]{64}-\\d+");
  private static final Pattern IN_AGENT =
      Pattern.compile("(tasks|log-places|images\\.json|agent\\.lock)(\\.new)?");
  private static final Pattern TASK = Pattern.compile("[0-9a-f]{32}\\.json(\\.new)?");
  private static final Pattern PLACE = Pattern.compile("[0-9a-f]{32}-[0-9a-f]{16}\\.json(\\.new)?");
  private static final Pattern IN_RUN =
      Pattern.compile(
          "server\\.lock|admin\\.sock(\\.path)?(\\.new)?|agent\\.sock|nothing-left|backup");
  private static final Pattern IN_LOGS = Pattern.compile("(server|agent)\\.log.*|crash-\\d+\\.log");
  private static final Pattern FOLDER = Pattern.compile("[0-9a-f]{2}");
  private static final Pattern BLOB = Pattern.compile("[0-9a-f]{64}");

  private final Path dir;
  private final List<Finding> findings = new ArrayList<>();

  /** Files whose mode is open to others. */
  private final List<Path> open = new ArrayList<>();

  private FileCheck(Path dir) {
    this.dir = dir;
  }

  static FileCheck of(Path dir) throws IOException {
    var check = new FileCheck(dir);
    check.names();
    check.hashed();
    check.modes();
    return check;
  }

  List<Finding> findings() {
    return findings;
  }

  /** Takes the rights of others away; returns what was done. */
  List<String> mend() throws IOException {
    var done = new ArrayList<String>();
    for (Path path : open) {
      Set<PosixFilePermission> mode = EnumSet.copyOf(Files.getPosixFilePermissions(path));
      mode.removeIf(right -> !right.name().startsWith("OWNER"));
      Files.setPosixFilePermissions(path, mode);
      done.add(path + " is its owner's alone now");
    }
    return done;
  }

  private void names() throws IOException {
    for (Path path : list(dir)) {
      String name = name(path);
      if (!KNOWN.contains(name.replaceFirst("\\.new$", "")) && !name.startsWith("damaged-")) {
        foreign(path);
      }
    }
    check(dir.resolve("state"), IN_STATE);
    check(dir.resolve("blobs"), IN_BLOBS);
    check(dir.resolve("blobs").resolve("quarantine"), IN_QUARANTINE);
    check(dir.resolve("agent"), IN_AGENT);
    check(dir.resolve("agent").resolve("tasks"), TASK);
    check(dir.resolve("agent").resolve("log-places"), PLACE);
    check(dir.resolve("run"), IN_RUN);
    check(dir.resolve("logs"), IN_LOGS);
    Path blobs = dir.resolve("blobs").resolve("sha256");
    check(blobs, FOLDER);
    for (Path folder : list(blobs)) {
      if (FOLDER.matcher(name(folder)).matches()) {
        for (Path blob : list(folder)) {
          if (!BLOB.matcher(name(blob)).matches() || !name(blob).startsWith(name(folder))) {
            foreign(blob);
          }
        }
      }
    }
  }

  /** The files that carry their own hash: the agent's, and a joined machine's. */
  private void hashed() throws IOException {
    Path agent = dir.resolve("agent");
    for (Path file : LogPlaces.damaged(agent.resolve("log-places"))) {
      findings.add(
          Finding.damage(
              file.toString(),
              "says no more how far a container's log was sent",
              "remove the file: what the container wrote since its start is sent again"));
    }
    Path images = agent.resolve("images.json");
    if (PulledImages.damaged(images)) {
      findings.add(
          Finding.damage(
              images.toString(),
              "says no more which images the agent pulled: none of them is removed by itself",
              "remove the file, and what `docker images` shows and nobody needs"));
    }
    JoinedMachine.damage(dir)
        .ifPresent(
            text -> {
              String[] lines = text.split("\n", 2);
              findings.add(Finding.damage("the membership:", lines[0], lines[lines.length - 1]));
            });
    for (Path file : TaskFiles.damaged(agent.resolve("tasks"))) {
      findings.add(
          Finding.damage(
              file.toString(),
              "says no more what the agent ran: the task's containers may run on unwatched",
              "remove the file, start the platform, and stop the task that it no longer reports on"));
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private void check(Path folder, Pattern names) throws IOException {
    for (Path path : list(folder)) {
      if (!names.matcher(name(path)).matches()) {
        foreign(path);
      }
    }
  }

  private void foreign(Path path) {
    findings.add(
        Finding.note(path.toString(), "is no file of Holdfast's; it is neither used nor removed"));
  }

  private static List<Path> list(Path folder) throws IOException {
    var found = new ArrayList<Path>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        files.forEach(found::add);
      }
    }
    found.sort(null);
    return found;
  }

  private void modes() throws IOException {
    UserPrincipal owner = Files.getOwner(dir);
    for (Path path : list(dir)) {
      Optional<Path> another = anothers(path, owner, OURS_THROUGHOUT.contains(name(path)));
      if (another.isPresent()) {
        UserPrincipal other = Files.getOwner(another.get(), LinkOption.NOFOLLOW_LINKS);
        findings.add(
            Finding.damage(
                another.get().toString(),
                "belongs to " + other.getName() + ", the directory to " + owner.getName(),
                "chown -R " + owner.getName() + " " + dir));
      }
    }
    for (String name : PRIVATE) {
      Path path = dir.resolve(name);
      if (Files.exists(path) && isOpen(path)) {
        open.add(path);
        findings.add(
            Finding.damage(
                path.toString(),
                "is open to others: " + PosixFilePermissions.toString(mode(path)),
                "chmod go-rwx " + path + ", or ./holdfast fsck --repair"));
      }
    }
  }

  /** The first of a path and of what is below it that is another's; one names the remedy of all. */
  private static Optional<Path> anothers(Path path, UserPrincipal owner, boolean below)
      throws IOException {
    if (!Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
      return Optional.of(path);
    }
    if (below && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      for (Path inside : list(path)) {
        Optional<Path> found = anothers(inside, owner, true);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Set<PosixFilePermission> mode(Path path) throws IOException {
    return Files.getPosixFilePermissions(path);
  }

  private static boolean isOpen(Path path) throws IOException {
    return mode(path).stream().anyMatch(right -> !right.name().startsWith("OWNER"));
  }
}
