// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A disk that does what it is told, below one folder, and writes it down. What is below the folder
 * at the start counts as durable.
 */
public final class RecordingDisk implements Disk {
  /** Ends a process in the middle of what it does: no handler catches it. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed() {
      super("killed");
    }
  }

  private final Path root;
  private final Disk under = Disk.local();

  /** Guards all below. */
  private final Object lock = new Object();

  private final List<Step> steps = new ArrayList<>();
  private final Map<Path, Integer> numbers = new HashMap<>();
  private int next = 1;
  private int start;
  private int killAt = Integer.MAX_VALUE;

  /** How many syncs succeed before one fails; none where it is negative. */
  private int syncsBeforeFailure = -1;

  public RecordingDisk(Path root) throws IOException {
    this.root = root.toAbsolutePath().normalize();
    numbers.put(this.root, 0);
    try (Stream<Path> there = Files.walk(this.root)) {
      for (Path path : there.sorted().skip(1).toList()) {
        known(path);
      }
    }
    start = steps.size();
  }

  private void known(Path path) throws IOException {
    int number = next++;
    int folder = number(folder(path));
    numbers.put(path, number);
    if (Files.isDirectory(path)) {
      steps.add(new Step.MakeDirectory(number, folder, name(path)));
    } else {
      steps.add(new Step.Create(number, folder, name(path)));
      steps.add(new Step.Write(number, 0, ByteBuffer.wrap(Files.readAllBytes(path))));
      steps.add(new Step.Sync(number, name(path)));
    }
    steps.add(new Step.SyncDirectory(folder, name(path)));
  }

  /** Notes that somebody was told something. */
  public void promise(Object what) {
    synchronized (lock) {
      steps.add(new Step.Promise(what));
    }
  }

  /** Lets the process die instead of taking the given step, counted from now. */
  public void killAfter(int more) {
    synchronized (lock) {
      killAt = steps.size() + more;
    }
  }

  /**
   * Lets one sync, of a file or of a folder, fail as the kernel does: it is told once, what it was
   * to make durable stays in doubt, and all later ones succeed.
   *
   * @param syncs how many succeed before it
   */
  public void failSyncAfter(int syncs) {
    synchronized (lock) {
      syncsBeforeFailure = syncs;
    }
  }

  /** Whether the sync that was to fail is still to come. */
  public boolean failureIsToCome() {
    synchronized (lock) {
      return syncsBeforeFailure >= 0;
    }
  }

  /** Lets another process begin. */
  public void revive() {
    synchronized (lock) {
      killAt = Integer.MAX_VALUE;
      syncsBeforeFailure = -1;
    }
  }

  /** What was done so far. */
  public Tape tape() {
    synchronized (lock) {
      return new Tape(List.copyOf(steps), start);
    }
  }

  private void alive() {
    if (steps.size() >= killAt) {
      throw new Killed();
    }
  }

  private void synced(Step done, int number, String name) throws IOException {
    if (syncsBeforeFailure-- == 0) {
      steps.add(new Step.SyncFailed(number, name));
      throw new IOException("Input/output error");
    }
    syncsBeforeFailure = Math.max(-1, syncsBeforeFailure);
    steps.add(done);
  }

  private int number(Path path) {
    return Objects.requireNonNull(
        numbers.get(path.toAbsolutePath().normalize()), () -> path + " is not known below " + root);
  }

  private static Path folder(Path path) {
    return Objects.requireNonNull(path.toAbsolutePath().normalize().getParent());
  }

  private static String name(Path path) {
    return Objects.requireNonNull(path.getFileName()).toString();
  }

  private final class Recorded implements DiskFile {
    private final int number;
    private final String name;
    private final DiskFile file;

    Recorded(int number, String name, DiskFile file) {
      this.number = number;
      this.name = name;
      this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      synchronized (lock) {
        alive();
        file.write(bytes, at);
        steps.add(new Step.Write(number, at, ByteBuffer.wrap(copy)));
      }
    }

    @Override
    public void sync() throws IOException {
      synchronized (lock) {
        alive();
        synced(new Step.Sync(number, name), number, name);
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    synchronized (lock) {
      alive();
      DiskFile made = under.create(file);
      int number = next++;
      steps.add(new Step.Create(number, number(folder(file)), name(file)));
      numbers.put(file.toAbsolutePath().normalize(), number);
      return new Recorded(number, name(file), made);
    }
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    synchronized (lock) {
      alive();
      return new Recorded(number(file), name(file), under.open(file));
    }
  }

  @Override
  public FileChannel read(Path file) throws IOException {
    return under.read(file);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    synchronized (lock) {
      alive();
      under.move(from, to);
      int number = number(from);
      rename(from.toAbsolutePath().normalize(), to.toAbsolutePath().normalize());
      steps.add(
          new Step.Move(number, number(folder(from)), name(from), number(folder(to)), name(to)));
    }
  }

  /** What lies in a folder goes with it. */
  private void rename(Path from, Path to) {
    for (Path path : List.copyOf(numbers.keySet())) {
      if (path.startsWith(from)) {
        Integer moved = numbers.remove(path);
        numbers.put(to.resolve(from.relativize(path)).normalize(), Objects.requireNonNull(moved));
      }
    }
  }

  @Override
  public void delete(Path path) throws IOException {
    synchronized (lock) {
      alive();
      under.delete(path);
      numbers.remove(path.toAbsolutePath().normalize());
      steps.add(new Step.Delete(number(folder(path)), name(path)));
    }
  }

  @Override
  public void makeDirectory(Path directory) throws IOException {
    synchronized (lock) {
      alive();
      under.makeDirectory(directory);
      int number = next++;
      steps.add(new Step.MakeDirectory(number, number(folder(directory)), name(directory)));
      numbers.put(directory.toAbsolutePath().normalize(), number);
    }
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    synchronized (lock) {
      alive();
      // What lies above the root was there before and stays.
      if (directory.toAbsolutePath().normalize().startsWith(root)) {
        int number = number(directory);
        synced(new Step.SyncDirectory(number, name(directory)), number, name(directory));
      }
    }
  }
}
