// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.tidy;

import dev.holdfast.agent.plan.TidyPlan.Pulled;
import dev.holdfast.kit.Hashed;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.RecordCodec;
import dev.holdfast.kit.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The images that this agent pulled, in a file: what is not in it is not ours to remove, also where
 * the file is lost. Thread-safe.
 */
public final class PulledImages {
  private static final Logger LOG = Logger.getLogger(PulledImages.class.getName());
  private static final RecordCodec<Kept> CODEC = RecordCodec.of(Kept.class);

  /** More are not remembered; what is forgotten stays on the host. */
  private static final int MOST = 10_000;

  /** What is kept, by name with digest. */
  record Kept(Map<String, Pulled> images) {}

  private final Path file;
  private final Disk disk;

  /** Held while an image is removed, so that who wants one finds it whole or not at all. */
  private final Semaphore removing = new Semaphore(1, true);

  private final Map<String, Pulled> images = new LinkedHashMap<>();

  private PulledImages(Path file, Disk disk) {
    this.file = file;
    this.disk = disk;
  }

  /** Reads the file, where there is one that can be read. */
  public static PulledImages open(Path file, Disk disk) throws IOException {
    var known = new PulledImages(file, disk);
    if (Files.exists(file)) {
      // An agent that was killed may have left it without a durable name.
      disk.syncDirectory(file.resolveSibling(".").normalize());
      try {
        known.images.putAll(read(file).images());
      } catch (Json.MalformedJson e) {
        LOG.log(
            Level.WARNING,
            "which images were pulled is not known, so none of them is removed: {0}: {1}",
            new Object[] {file, e.getMessage()});
      }
    }
    return known;
  }

  private static Kept read(Path file) throws IOException {
    return CODEC.read(Hashed.content(Files.readAllBytes(file)));
  }

  /** Whether a file is there that cannot be read as what was written; changes nothing. */
  public static boolean damaged(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    try {
      read(file);
      return false;
    } catch (Json.MalformedJson _) {
      return true;
    }
  }

  /** Waits until no image is being removed; called by a task that is known to want some. */
  public void settle() {
    removing.acquireUninterruptibly();
    removing.release();
  }

  /** Does something that removes images, while nobody begins to want one. */
  public void whileRemoving(Removing work) throws IOException {
    removing.acquireUninterruptibly();
    try {
      work.run();
    } finally {
      removing.release();
    }
  }

  /** What removes. */
  public interface Removing {
    void run() throws IOException;
  }

  /** An image was not here, and was pulled. */
  public synchronized void pulled(String name, Instant now) {
    if (images.size() < MOST || images.containsKey(name)) {
      images.put(name, new Pulled(now, now));
      save();
    }
  }

  /** A task wants an image that is here; one that is not ours stays so. */
  public synchronized void used(String name, Instant now) {
    Pulled known = images.get(name);
    if (known != null) {
      images.put(name, new Pulled(known.pulledAt(), now));
      save();
    }
  }

  /** An image is gone. */
  public synchronized void removed(String name) {
    if (images.remove(name) != null) {
      save();
    }
  }

  public synchronized Map<String, Pulled> all() {
    return new HashMap<>(images);
  }

  private void save() {
    try {
      disk.replace(file, Hashed.bytes(CODEC.bytes(new Kept(images))));
    } catch (IOException e) {
      // The worst that comes of it is an image that stays.
      LOG.log(Level.WARNING, "the list of images is not saved: {0}", e.getMessage());
    }
  }
}
