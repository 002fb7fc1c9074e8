// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.kit.Hashed;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.RecordCodec;
import dev.holdfast.kit.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One file per task, so that a restarted agent knows its containers. Neither role sessions nor the
 * values of secrets are ever in it.
 */
public final class TaskFiles {
  private static final Logger LOG = Logger.getLogger(TaskFiles.class.getName());
  private static final RecordCodec<Entry> CODEC = RecordCodec.of(Entry.class);

  /**
   * What is kept of a task.
   *
   * @param instanceArn the container instance that it was placed on
   * @param metadataIds the id in each container's metadata address
   * @param hasRole whether it has a task role, whose session is sent again
   */
  public record Entry(
      PayloadTask task,
      String instanceArn,
      boolean stopWanted,
      Map<String, String> metadataIds,
      boolean hasRole,
      TaskState state) {}

  private final Path folder;
  private final Disk disk;

  /**
   * Opens the folder, made where it does not exist.
   *
   * @throws IOException where it cannot be
   */
  public TaskFiles(Path folder) throws IOException {
    this(folder, Disk.local());
  }

  /** As {@link #TaskFiles(Path)}, on a given disk. */
  public TaskFiles(Path folder, Disk disk) throws IOException {
    this.folder = folder;
    this.disk = disk;
    disk.makeDirectories(folder);
    // An agent that was killed may have left names that are not durable yet.
    disk.syncDirectory(folder);
    try (var drafts = Files.newDirectoryStream(folder, "*" + Disk.DRAFT)) {
      for (Path cutOff : drafts) {
        disk.delete(cutOff);
      }
    }
  }

  /** Replaces a task's file; it is on disk when this returns. */
  public void save(Entry entry) throws IOException {
    Entry bare =
        new Entry(
            withoutCredentials(entry.task()),
            entry.instanceArn(),
            entry.stopWanted(),
            entry.metadataIds(),
            entry.hasRole(),
            entry.state());
    Path file = file(entry.task().arn());
    disk.replace(file, Hashed.bytes(CODEC.bytes(bare)));
  }

  /** All tasks on file; a file that cannot be read is logged and left alone. */
  public List<Entry> load() throws IOException {
    var entries = new ArrayList<Entry>();
    try (var files = Files.newDirectoryStream(folder, "*.json")) {
      for (Path file : files) {
        try {
          entries.add(read(file));
        } catch (Json.MalformedJson e) {
          LOG.log(Level.SEVERE, "task file {0} cannot be read: {1}", new Object[] {file, e});
        }
      }
    }
    return entries;
  }

  private static Entry read(Path file) throws IOException {
    return CODEC.read(Hashed.content(Files.readAllBytes(file)));
  }

  /** The files in a folder that cannot be read as what was written; changes nothing. */
  public static List<Path> damaged(Path folder) throws IOException {
    return Hashed.damaged(folder, CODEC);
  }

  public void delete(String taskArn) throws IOException {
    disk.deleteIfExists(file(taskArn));
  }

  private Path file(String taskArn) {
    return folder.resolve(Hashes.sha256Hex(taskArn).substring(0, 32) + ".json");
  }

  private static PayloadTask withoutCredentials(PayloadTask task) {
    return new PayloadTask(
        task.arn(),
        task.taskClusterArn(),
        task.family(),
        task.version(),
        task.taskDefinitionAccountId(),
        task.desiredStatus(),
        task.launchType(),
        task.networkMode(),
        task.cpu(),
        task.memory(),
        task.ephemeralStorage(),
        task.serviceName(),
        task.group(),
        task.overrides(),
        task.pidMode(),
        task.ipcMode(),
        null,
        null,
        task.volumes(),
        task.containers());
  }
}
