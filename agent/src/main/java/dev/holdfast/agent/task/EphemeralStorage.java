// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.plan.StorageUse;
import dev.holdfast.aws.agent.PayloadContainer;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Holds the tasks of this host that have an ephemeral storage to its size: measures, round by
 * round, what they have written, and ends those that are over. The engine walks over every file for
 * it, so rounds are rare, and only tasks with such a limit are looked at. Used by one thread.
 */
public final class EphemeralStorage {
  private static final Logger LOG = Logger.getLogger(EphemeralStorage.class.getName());

  private final TaskHost host;
  private final Tasks tasks;

  public EphemeralStorage(TaskHost host, Tasks tasks) {
    this.host = host;
    this.tasks = tasks;
  }

  /** One round over all tasks. */
  public void look() {
    for (TaskRunner runner : tasks.all()) {
      Long limit = runner.task().ephemeralStorage();
      if (limit != null && runner.state().provisioned() && !runner.state().stopped()) {
        try {
          use(runner).over(limit).ifPresent(runner::fail);
        } catch (IOException | RuntimeException e) {
          LOG.log(
              Level.WARNING,
              "what {0} wrote is not known: {1}",
              new Object[] {runner.task().arn(), e});
        }
      }
    }
  }

  private StorageUse use(TaskRunner runner) throws IOException {
    var containers = new HashMap<String, Long>();
    for (PayloadContainer container : runner.task().containers()) {
      String id = runner.state().container(container.name()).runtimeId();
      if (id != null) {
        containers.put(container.name(), host.engine().containers().written(id));
      }
    }
    var volumes = new HashMap<String, Long>();
    for (Map.Entry<String, String> own : TaskVolumes.of(host, runner.task()).own().entrySet()) {
      String folder = host.engine().volumes().folder(own.getValue());
      if (folder != null) {
        volumes.put(own.getKey(), size(Path.of(folder)));
      }
    }
    return new StorageUse(containers, volumes);
  }

  /** The bytes of all files below a folder, each file once; links are not followed. */
  static long size(Path folder) throws IOException {
    var counted = new Counted();
    Files.walkFileTree(folder, counted);
    return counted.bytes;
  }

  private static final class Counted extends SimpleFileVisitor<Path> {
    private final Set<Object> seen = new HashSet<>();
    private long bytes;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      Object key = attributes.fileKey();
      if (attributes.isRegularFile() && (key == null || seen.add(key))) {
        bytes += attributes.size();
      }
      return FileVisitResult.CONTINUE;
    }

    /** The task may remove while it is looked at. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }
}
