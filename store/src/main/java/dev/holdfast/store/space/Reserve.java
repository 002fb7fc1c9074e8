// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.space;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.DiskFile;
import dev.holdfast.store.StoreFull;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Files without meaning that hold space and inodes for the day that the disk is full. Then they go,
 * and what they held serves those commits alone that keep the platform in its operator's hand; once
 * there is room again they come back.
 *
 * <p>The size is what the engine needs to go on after it ran out of space (two write buffers of 16
 * MiB to flush and a log of 17 MiB), and as much again for the commits. The bytes are random, since
 * some file systems keep no zeros.
 */
public final class Reserve implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("space");
  private static final Duration BEAT = Duration.ofSeconds(1);

  /** So much of the end of each file is looked at. */
  private static final int TAIL = 64;

  /** How old a measurement may be where a commit asks. */
  private static final long FRESH_NANOS = 20_000_000;

  /**
   * Where the lines are drawn.
   *
   * @param count how many files the reserve has, each of {@code each} bytes
   * @param low what stays free beside the reserve; with less the reserve goes
   * @param last with less than this only what is vital goes on
   * @param none with less than this nothing goes on
   * @param lowFiles as {@code low}, in inodes
   * @param warn with less than this the operator is warned
   */
  public record Lines(
      int count, long each, long low, long last, long none, long lowFiles, long warn) {
    public static final Lines STANDARD =
        new Lines(64, 1L << 20, 32L << 20, 48L << 20, 8L << 20, 64, 1L << 30);

    /** What has to be free before the reserve is taken again. */
    long enough() {
      return low + count * each + low;
    }

    long enoughFiles() {
      return 2 * lowFiles + count;
    }
  }

  /** What commits may go on. */
  public enum State {
    /** All. */
    OPEN,
    /** Those that may use the reserve. */
    RESERVED,
    /** Those that are vital: the reserve comes to its end. */
    LAST,
    /** None: the reserve is spent. */
    SPENT,
    /** None: the file system takes no writes. */
    READ_ONLY
  }

  private final Path folder;
  private final Disk disk;
  private final Gauge gauge;
  private final Lines lines;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Guards the files and changes of state. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Thread thread =
      Thread.ofPlatform().name("disk-space").daemon().unstarted(this::run);
  private boolean held;
  private volatile State state = State.OPEN;
  private volatile Room room = new Room(Long.MAX_VALUE, Long.MAX_VALUE, false);
  private volatile long measuredAt;

  private Reserve(Path folder, Gauge gauge, Lines lines, Disk disk) {
    this.folder = folder;
    this.disk = disk;
    this.gauge = gauge;
    this.lines = lines;
  }

  /**
   * The reserve of a state's folder, in {@code STATE/reserve}. Where the disk is full already it is
   * released here, so that what opens the state after this finds space.
   */
  public static Reserve open(Path state, Gauge gauge, Lines lines, Disk disk) throws IOException {
    var reserve = new Reserve(state.resolve("reserve"), gauge, lines, disk);
    reserve.held = reserve.whole();
    if (!reserve.held) {
      reserve.clear(); // a part of a reserve is none, and would hold what the day is short of
    }
    long free = gauge.bytes();
    reserve.measuredAt = System.nanoTime();
    reserve.room = new Room(free, Long.MAX_VALUE, false);
    if (free < lines.low() && reserve.held) {
      reserve.look(false);
    }
    return reserve;
  }

  /** Begins to watch the disk, and makes the reserve where it is missing and there is room. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      do {
        look(true);
      } while (!closed.await(BEAT.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Lets a commit go on, or not.
   *
   * @throws StoreFull in words for the one who asked
   */
  public void admit(Urgency urgency) {
    if (System.nanoTime() - measuredAt > FRESH_NANOS) {
      glance();
    }
    boolean admitted =
        switch (state) {
          case OPEN -> true;
          case RESERVED -> urgency != Urgency.ORDINARY;
          case LAST -> urgency == Urgency.VITAL;
          case SPENT, READ_ONLY -> false;
        };
    if (!admitted) {
      throw new StoreFull(refusal());
    }
  }

  /** Measures the bytes alone; all the rest only where they run short. */
  private void glance() {
    try {
      long free = gauge.bytes();
      measuredAt = System.nanoTime();
      if (free < lines.low() || state != State.OPEN) {
        look(false);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the free space cannot be measured", e);
    }
  }

  private String refusal() {
    return state == State.READ_ONLY
        ? "the file system of the platform's data directory is read-only; reads go on, and changes do as"
            + " soon as it takes writes again"
        : "the disk of the platform's data directory is full; reads go on, and changes do as soon as space"
            + " is freed (./holdfast status says where)";
  }

  /**
   * Measures, and releases the reserve or takes it back.
   *
   * @param mayTake whether to take it back, which writes as much as it holds
   */
  void look(boolean mayTake) {
    lock.lock();
    try {
      Room now = gauge.room();
      if (!now.readOnly()
          && held
          && (now.bytes() < lines.low() || now.files() < lines.lowFiles())) {
        release();
        now = gauge.room();
      } else if (!now.readOnly()
          && !held
          && mayTake
          && now.bytes() >= lines.enough()
          && now.files() >= lines.enoughFiles()) {
        take();
        now = gauge.room();
      }
      measuredAt = System.nanoTime();
      room = now;
      become(of(now));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the free space cannot be measured, or the reserve not be kept", e);
    } finally {
      lock.unlock();
    }
  }

  private State of(Room now) {
    if (now.readOnly()) {
      return State.READ_ONLY;
    }
    if (held) {
      return State.OPEN;
    }
    // A new directory has no reserve yet and is as open as there is room for one.
    if (state == State.OPEN
        && now.bytes() >= lines.enough()
        && now.files() >= lines.enoughFiles()) {
      return State.OPEN;
    }
    if (now.bytes() < lines.none() || now.files() < lines.lowFiles() / 8) {
      return State.SPENT;
    }
    return now.bytes() < lines.last() || now.files() < lines.lowFiles() / 2
        ? State.LAST
        : State.RESERVED;
  }

  private void become(State next) {
    State before = state;
    state = next;
    if (before == next) {
      return;
    }
    if (next == State.OPEN) {
      LOG.log(Level.INFO, "there is space again: every change is taken");
    } else {
      LOG.log(Level.ERROR, alarm(next));
    }
  }

  private String alarm(State now) {
    String where = "the disk of " + folder.getParent() + " ";
    return switch (now) {
      case OPEN -> "";
      case READ_ONLY -> where + "is read-only: no change is taken; mount it for writing again";
      case SPENT ->
          where
              + "is full and the reserve is spent: no change is taken, not even StopTask; "
              + remedy();
      case RESERVED, LAST ->
          where
              + "is full: only what stops, revokes or frees is taken, from the reserve; "
              + remedy();
    };
  }

  private String remedy() {
    return "free space on it (%s left, %d MiB and %d inodes needed)"
        .formatted(room.text(), lines.enough() >> 20, lines.enoughFiles());
  }

  /** Gives up the reserve after a write met a full disk; false where there was none. */
  public boolean release() {
    lock.lock();
    try {
      if (!held) {
        return false;
      }
      held = false;
      try {
        clear();
        room = gauge.room();
      } catch (IOException e) {
        LOG.log(Level.ERROR, "the reserve could not be released", e);
      }
      become(of(room));
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void take() throws IOException {
    disk.makeDirectories(folder);
    byte[] bytes = new byte[(int) lines.each()];
    var random = new SplittableRandom(lines.each());
    try {
      for (int i = 0; i < lines.count(); i++) {
        if (closed.getCount() == 0) {
          clear(); // whoever closed it may take the folder away
          return;
        }
        random.nextBytes(bytes);
        Path file = folder.resolve("%02d".formatted(i));
        disk.deleteIfExists(file);
        try (DiskFile out = disk.create(file)) {
          out.write(ByteBuffer.wrap(bytes), 0);
        }
      }
      held = true;
    } catch (IOException e) {
      clear();
      throw e;
    }
  }

  private void clear() throws IOException {
    for (Path file : files()) {
      disk.deleteIfExists(file);
    }
  }

  /** Whether every file of the reserve is there in its size. */
  private boolean whole() throws IOException {
    int found = 0;
    for (Path file : files()) {
      found += Files.size(file) == lines.each() && isFilled(file) ? 1 : 0;
    }
    return found == lines.count();
  }

  /** A power cut may leave a file with its size and without the space that it is to hold. */
  private boolean isFilled(Path file) {
    ByteBuffer end = ByteBuffer.allocate((int) Math.min(TAIL, lines.each()));
    try (FileChannel channel = disk.read(file)) {
      int _ = channel.read(end, lines.each() - end.capacity());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "a file of the reserve cannot be read, it is made anew", e);
      return false;
    }
    return end.flip().mismatch(ByteBuffer.allocate(end.limit())) >= 0;
  }

  private List<Path> files() throws IOException {
    var found = new ArrayList<Path>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        files.forEach(found::add);
      }
    }
    return found;
  }

  public State state() {
    return state;
  }

  /** What the operator ought to know now: that the disk is full, or that it soon is. */
  public Optional<String> warning() {
    State now = state;
    if (now != State.OPEN) {
      return Optional.of(alarm(now));
    }
    Room left = room;
    return left.bytes() < lines.warn() || left.files() < 100 * lines.lowFiles()
        ? Optional.of(
            "the disk of "
                + folder.getParent()
                + " is filling up: "
                + left.text()
                + " left; changes stop at "
                + (lines.low() >> 20)
                + " MiB or "
                + lines.lowFiles()
                + " inodes")
        : Optional.empty();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      if (thread.isAlive()) {
        thread.join(BEAT);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
