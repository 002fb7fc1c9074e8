// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import dev.holdfast.kit.Hashed;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.RecordCodec;
import dev.holdfast.kit.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * How far the output of each container was taken along: one file a container, written before a
 * batch is sent, so that an agent that was killed meanwhile sends the same batch again under the
 * same name, and nothing twice. No line of a log is in it.
 */
public final class LogPlaces {
  private static final Logger LOG = Logger.getLogger(LogPlaces.class.getName());
  private static final RecordCodec<Kept> CODEC = RecordCodec.of(Kept.class);

  /**
   * What is kept.
   *
   * @param done what certainly arrived
   * @param next the end of the batch that may have arrived too
   * @param number of that batch; it counts them
   */
  record Kept(Place done, Place next, long number) {
    static final Kept BEGIN = new Kept(Place.BEGIN, Place.BEGIN, 0);

    /** Whether a batch was under way. */
    boolean pending() {
      return next.compareTo(done) > 0;
    }
  }

  private final Path folder;
  private final Disk disk;

  LogPlaces(Path folder, Disk disk) throws IOException {
    this.folder = folder;
    this.disk = disk;
    disk.makeDirectories(folder);
    // An agent that was killed may have left names that are not durable yet, and drafts.
    disk.syncDirectory(folder);
    try (var drafts = Files.newDirectoryStream(folder, "*" + Disk.DRAFT)) {
      for (Path cutOff : drafts) {
        disk.delete(cutOff);
      }
    }
  }

  private Path file(String task, String container) {
    return folder.resolve(
        Hashes.sha256Hex(task).substring(0, 32)
            + "-"
            + Hashes.sha256Hex(container).substring(0, 16)
            + ".json");
  }

  /** What is known of a container; one that cannot be read begins anew. */
  Kept load(String task, String container) {
    Path file = file(task, container);
    try {
      return Files.exists(file) ? read(file) : Kept.BEGIN;
    } catch (IOException | Json.MalformedJson e) {
      LOG.log(Level.WARNING, "the place in a log is not known: {0}: {1}", new Object[] {file, e});
      return Kept.BEGIN;
    }
  }

  private static Kept read(Path file) throws IOException {
    return CODEC.read(Hashed.content(Files.readAllBytes(file)));
  }

  /** The files in a folder that cannot be read as what was written; changes nothing. */
  public static List<Path> damaged(Path folder) throws IOException {
    return Hashed.damaged(folder, CODEC);
  }

  void save(String task, String container, Kept kept) throws IOException {
    disk.replace(file(task, container), Hashed.bytes(CODEC.bytes(kept)));
  }

  void delete(String task, String container) throws IOException {
    disk.deleteIfExists(file(task, container));
  }
}
