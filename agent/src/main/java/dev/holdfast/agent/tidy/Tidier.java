// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.tidy;

import dev.holdfast.agent.engine.Containers;
import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.agent.engine.EngineException;
import dev.holdfast.agent.plan.TidyPlan;
import dev.holdfast.agent.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Removes from the host, round by round, what {@link TidyPlan} lets go. Used by one thread. */
public final class Tidier {
  private static final Logger LOG = Logger.getLogger(Tidier.class.getName());

  /** Stopped tasks whose containers are there to be looked at; more of them only take room. */
  private static final int STOPPED = 200;

  /** So long somebody may want to look at them, however full the disk is. */
  private static final Duration LOOKED_AT = Duration.ofMinutes(10);

  /** With the disk nearly full, images go that many times as fast. */
  private static final int FASTER = 10;

  private final DockerEngine engine;
  private final Tasks tasks;
  private final PulledImages pulled;
  private final TidySettings settings;
  private final InstantSource clock;
  private final Consumer<String> told;
  private Instant next;
  private int images;
  private int containers;
  private long bytes;

  /**
   * A tidier; its first round is an interval from now.
   *
   * @param told what was freed so far, in words
   */
  public Tidier(
      DockerEngine engine,
      Tasks tasks,
      PulledImages pulled,
      TidySettings settings,
      InstantSource clock,
      Consumer<String> told) {
    this.engine = engine;
    this.tasks = tasks;
    this.pulled = pulled;
    this.settings = settings;
    this.clock = clock;
    this.told = told;
    this.next = clock.instant().plus(settings.interval());
  }

  /** Tidies where it is time, or where the disk is nearly full; called every minute or so. */
  public void look() {
    try {
      boolean full = nearlyFull();
      Instant now = clock.instant();
      boolean leapt = next.isAfter(now.plus(settings.interval()));
      if (full || leapt || !now.isBefore(next)) {
        next = now.plus(settings.interval());
        round(full);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "not tidied: {0}", e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** One round. */
  void round(boolean full) throws IOException, InterruptedException {
    Instant now = clock.instant();
    List<String> early = TidyPlan.tasks(tasks.stopped(), STOPPED, full, LOOKED_AT, now);
    containers += tasks.cleanUp(early) + tasks.removeOrphans(now.minus(settings.stopped()));
    if (settings.images()) {
      removeImages(full ? settings.most() * FASTER : settings.most());
    }
    if (images + containers > 0) {
      told.accept(words(now));
    }
  }

  private String words(Instant now) {
    return images
        + " images ("
        + String.format(Locale.ROOT, "%.1f", bytes / 1e6)
        + " MB with what they share) and the containers of "
        + containers
        + " tasks removed; last looked at "
        + now;
  }

  private void removeImages(int most) throws IOException {
    List<TidyPlan.Image> held = engine.images().held();
    Set<String> inUse = engine.containers().imageIds();
    var names = new ArrayList<>(pulled.all().keySet());
    var facts = new TidyPlan.Facts(held, pulled.all(), inUse, tasks.needed(names), clock.instant());
    for (TidyPlan.Removal removal : TidyPlan.images(facts, settings.minimumAge(), most)) {
      pulled.whileRemoving(() -> remove(removal));
    }
    for (String name : names) {
      if (held.stream().noneMatch(image -> image.digests().contains(name))) {
        pulled.removed(name);
      }
    }
  }

  /** A task may have come to want it meanwhile; from here on none does until it is gone. */
  private void remove(TidyPlan.Removal removal) throws IOException {
    if (!tasks.needed(removal.names()).isEmpty()) {
      return;
    }
    Containers there = engine.containers();
    if (there.imageIds().contains(removal.id())) {
      return;
    }
    for (String name : removal.names()) {
      try {
        engine.images().remove(name);
        pulled.removed(name);
      } catch (EngineException e) {
        // A container of it has come: the engine knows best.
        LOG.log(Level.INFO, "{0} stays: {1}", new Object[] {name, e.getMessage()});
        return;
      }
    }
    images++;
    bytes += removal.size();
    LOG.log(Level.INFO, "removed the image {0}", removal.names());
  }

  /** Whether the disk that the engine works on is nearly full. */
  private boolean nearlyFull() throws IOException {
    String root = engine.info().string("DockerRootDir");
    Path folder = root == null ? null : Path.of(root);
    if (folder == null || !Files.isDirectory(folder)) {
      return false;
    }
    var store = Files.getFileStore(folder);
    return TidyPlan.nearlyFull(store.getTotalSpace(), store.getUsableSpace());
  }
}
