// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is on a disk at one moment of a tape: what is durable for certain, and what is on its way. A
 * sync makes durable what was done before it to that file, or to the names in that folder, and
 * nothing else; what a sync failed for no later one makes durable. A rename inside a folder is one
 * change; one between folders is two, of which each may be lost alone. A folder whose own name is
 * lost is lost with everything in it.
 */
final class Moment {
  private static final int PAGE = 4096;
  private static final int SECTOR = 512;

  /** How a state is drawn: what becomes of changes of names, and of bytes, not yet synced. */
  private enum Names {
    KEPT,
    LOST,
    CHANCE
  }

  private enum Bytes {
    KEPT,
    LOST,
    /** The size is there and the bytes are not. */
    ZERO,
    CHANCE
  }

  /** Sets a name, or takes it away where there is no number. */
  private record Change(String name, @Nullable Integer number) {}

  private static final class Folder {
    final TreeMap<String, Integer> durable = new TreeMap<>();
    final List<List<Change>> pending = new ArrayList<>();

    /** What a sync failed for: it may be there or not, whatever is synced later. */
    final List<List<Change>> doubtful = new ArrayList<>();

    void sync() {
      var settled = new HashSet<String>();
      for (List<Change> changes : pending) {
        apply(durable, changes);
        changes.forEach(change -> settled.add(change.name()));
      }
      pending.clear();
      doubtful.replaceAll(
          changes -> changes.stream().filter(c -> !settled.contains(c.name())).toList());
    }

    void fail() {
      doubtful.addAll(pending);
      pending.clear();
    }

    static void apply(Map<String, Integer> names, List<Change> changes) {
      for (Change change : changes) {
        Integer number = change.number();
        if (number == null) {
          names.remove(change.name());
        } else {
          names.put(change.name(), number);
        }
      }
    }
  }

  private static final class Content {
    /** What is durable, and then the content after each write that is not. */
    final List<byte[]> versions = new ArrayList<>(List.of(new byte[0]));

    /** Whether a sync failed: none makes anything of it durable any more. */
    boolean failed;

    void write(int at, ByteBuffer bytes) {
      byte[] last = versions.getLast();
      byte[] now = Arrays.copyOf(last, Math.max(last.length, at + bytes.remaining()));
      bytes.get(bytes.position(), now, at, bytes.remaining());
      versions.add(now);
    }

    void sync() {
      if (failed) {
        return;
      }
      byte[] last = versions.getLast();
      versions.clear();
      versions.add(last);
    }
  }

  private final Map<Integer, Folder> folders = new HashMap<>(Map.of(0, new Folder()));
  private final Map<Integer, Content> files = new HashMap<>();
  private final List<Object> promises = new ArrayList<>();

  private static <V> V at(Map<Integer, V> all, int number) {
    V found = all.get(number);
    if (found == null) {
      throw new IllegalStateException("nothing has the number " + number);
    }
    return found;
  }

  /** Goes on by one step. */
  void take(Step step) {
    switch (step) {
      case Step.Create(int file, int folder, String name) -> {
        files.put(file, new Content());
        change(folder, new Change(name, file));
      }
      case Step.MakeDirectory(int made, int folder, String name) -> {
        folders.put(made, new Folder());
        change(folder, new Change(name, made));
      }
      case Step.Write(int file, long at, ByteBuffer bytes) ->
          at(files, file).write(Math.toIntExact(at), bytes);
      case Step.Sync(int file, _) -> at(files, file).sync();
      case Step.Move(int file, int from, String name, int to, String newName) -> {
        if (from == to) {
          change(to, new Change(name, null), new Change(newName, file));
        } else {
          change(to, new Change(newName, file));
          change(from, new Change(name, null));
        }
      }
      case Step.Delete(int folder, String name) -> change(folder, new Change(name, null));
      case Step.SyncDirectory(int number, _) -> at(folders, number).sync();
      case Step.SyncFailed(int number, _) -> {
        if (folders.containsKey(number)) {
          at(folders, number).fail();
        } else {
          at(files, number).failed = true;
        }
      }
      case Step.Promise(Object what) -> promises.add(what);
    }
  }

  private void change(int folder, Change... changes) {
    at(folders, folder).pending.add(List.of(changes));
  }

  /** What was said to others until now. */
  List<Object> promises() {
    return List.copyOf(promises);
  }

  /**
   * Draws one of the states that a power cut may leave now. The first draws are the extremes, the
   * rest are chance.
   */
  CrashState draw(int number, SplittableRandom random) {
    Names names =
        switch (number) {
          case 0, 1, 2 -> Names.KEPT;
          case 3, 4, 5 -> Names.LOST;
          default -> Names.CHANCE;
        };
    Bytes bytes =
        switch (number) {
          case 0, 3 -> Bytes.KEPT;
          case 1, 4 -> Bytes.LOST;
          case 2, 5 -> Bytes.ZERO;
          default -> Bytes.CHANCE;
        };
    return new Drawing(names, bytes, random).draw();
  }

  /** One state on its way. */
  private final class Drawing {
    private final Names names;
    private final Bytes bytes;
    private final SplittableRandom random;

    /** How much of what is on its way arrives. */
    private final double luck;

    /** Whether room that was given to a file but not written holds what was there before. */
    private final boolean garbage;

    private final Map<Integer, byte[]> drawn = new HashMap<>();
    private final CrashState state = new CrashState();

    Drawing(Names names, Bytes bytes, SplittableRandom random) {
      this.names = names;
      this.bytes = bytes;
      this.random = random;
      this.luck = random.nextDouble();
      this.garbage = random.nextInt(4) == 0;
    }

    CrashState draw() {
      folder(0, "");
      return state;
    }

    private void folder(int number, String path) {
      Folder folder = at(folders, number);
      var there = new TreeMap<>(folder.durable);
      var open = new ArrayList<>(folder.doubtful);
      open.addAll(folder.pending);
      for (List<Change> changes : open) {
        if (names == Names.KEPT || (names == Names.CHANCE && random.nextDouble() < luck)) {
          Folder.apply(there, changes);
        }
      }
      there.forEach(
          (name, child) -> {
            String below = path.isEmpty() ? name : path + "/" + name;
            if (folders.containsKey(child)) {
              state.folder(below);
              folder(child, below);
            } else {
              state.file(below, drawn.computeIfAbsent(child, c -> content(at(files, c))));
            }
          });
    }

    private byte[] content(Content file) {
      List<byte[]> versions = file.versions;
      byte[] durable = versions.getFirst();
      if (versions.size() == 1 || bytes == Bytes.LOST) {
        return durable;
      }
      return switch (bytes) {
        case KEPT -> versions.getLast();
        case ZERO -> Arrays.copyOf(durable, versions.getLast().length);
        case CHANCE, LOST -> torn(versions);
      };
    }

    private byte[] torn(List<byte[]> versions) {
      byte[] out = new byte[versions.get(version(versions)).length];
      if (garbage) {
        random.nextBytes(out);
      }
      for (int page = 0; page < out.length; page += PAGE) {
        boolean torn = random.nextInt(3) == 0;
        int kept = version(versions);
        for (int at = page; at < Math.min(page + PAGE, out.length); at += SECTOR) {
          byte[] from = versions.get(torn ? version(versions) : kept);
          int length = Math.min(Math.min(SECTOR, out.length - at), from.length - at);
          if (length > 0) {
            System.arraycopy(from, at, out, at, length);
          }
        }
      }
      return out;
    }

    private int version(List<byte[]> versions) {
      return random.nextDouble() < luck ? versions.size() - 1 : random.nextInt(versions.size());
    }
  }
}
