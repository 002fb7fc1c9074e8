// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.backup;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of backups: {@code objects/ab/abcdef...} by SHA-256, shared by all cuts, and {@code
 * cuts/ID.cut}, each naming what it consists of. A cut's file comes last, in one step, so that what
 * was interrupted is in no cut; the objects it left are used by the next.
 *
 * <p>Used by one thread. Readable by its owner alone.
 */
public final class Vault implements AutoCloseable {
  /** Marks a folder of backups. */
  public static final String MARKER = "HOLDFAST-BACKUPS";

  private static final String SUFFIX = ".cut";
  private static final int BUFFER = 256 * 1024;

  private final Path root;
  private final Disk disk;
  private final @Nullable FileChannel locked;
  private final Set<Path> unsettled = new LinkedHashSet<>();
  private long drafts;

  private Vault(Path root, Disk disk, @Nullable FileChannel locked) {
    this.root = root;
    this.disk = disk;
    this.locked = locked;
  }

  /** Whether a folder, or one above it, is a folder of backups. */
  public static boolean holds(Path folder) {
    for (Path at = folder.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(MARKER))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Opens a folder of backups for another one, or makes it.
   *
   * @throws IOException with words for people where the folder holds something else, is open to
   *     others, or is being written to
   */
  public static Vault create(Path root, Disk disk) throws IOException {
    var folder = new VaultFolder(root, disk);
    Path marker = root.resolve(MARKER);
    if (!Files.exists(marker)) {
      folder.begin();
    }
    if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(root)).endsWith("------")) {
      throw new IOException(root + " is open to others: chmod 700 " + root);
    }
    FileChannel lock = FileChannel.open(marker, StandardOpenOption.WRITE);
    if (!lock(lock)) {
      lock.close();
      throw new IOException("another backup is being written to " + root);
    }
    var vault = new Vault(root, disk, lock);
    try {
      folder.furnish();
      removeTree(vault.work());
      disk.makeDirectory(vault.work());
      return vault;
    } catch (IOException e) {
      vault.close();
      throw e;
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  /**
   * Opens a folder of backups for reading.
   *
   * @throws IOException with words for people where it is none
   */
  public static Vault open(Path root) throws IOException {
    if (!Files.isDirectory(root) || !Files.exists(root.resolve(MARKER))) {
      throw new IOException(root + " is no folder of backups (" + MARKER + " is not in it)");
    }
    return new Vault(root, Disk.local(), null);
  }

  /** Removes a folder with everything in it, where it is there. */
  public static void removeTree(Path folder) throws IOException {
    removeTree(folder, Disk.local());
  }

  /** As {@link #removeTree(Path)}, on a given disk. */
  public static void removeTree(Path folder, Disk disk) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes facts)
              throws IOException {
            disk.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path done, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            disk.delete(done);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** A folder for what is not kept, emptied whenever a backup begins. */
  public Path work() {
    return root.resolve("work");
  }

  /** Where the content of a piece lies. */
  public Path object(Piece piece) {
    return object(piece.sha256());
  }

  private Path object(String sha256) {
    return root.resolve("objects").resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  /** Whether something of that name and size is here; only {@link #verify} reads it. */
  public boolean has(Piece piece) throws IOException {
    Path object = object(piece);
    boolean there = Files.isRegularFile(object) && Files.size(object) == piece.size();
    if (there) {
      settles(object); // a backup that was killed may have brought it and not synced its name
    }
    return there;
  }

  /** Notes that a cut will name an object, whose name has to be durable first. */
  private void settles(Path object) {
    unsettled.add(root.resolve("objects"));
    unsettled.add(object.resolveSibling("."));
  }

  /** What is to be kept. */
  public interface Content {
    void copyTo(OutputStream out) throws IOException;
  }

  /** Keeps a content; returns it as a piece of that name. */
  public Piece keep(String name, Content content) throws IOException {
    Path draft = work().resolve("draft-" + drafts++);
    Piece piece;
    try (DiskFile file = disk.create(draft)) {
      var out = new Draft(file);
      content.copyTo(out);
      file.sync();
      piece = out.piece(name);
    }
    Path folder = object(piece).getParent();
    if (folder == null) {
      throw new IllegalStateException();
    }
    if (!Files.exists(folder)) {
      disk.makeDirectory(folder);
    }
    disk.move(draft, object(piece));
    settles(object(piece));
    return piece;
  }

  /** Takes a damaged object away, so that it is brought again. */
  public void drop(Piece piece) throws IOException {
    disk.deleteIfExists(object(piece));
  }

  /**
   * Reads a piece whole.
   *
   * @throws DamagedBackup where it is missing, shorter, longer or altered
   */
  public void verify(Piece piece) throws IOException {
    read(piece, (_, _) -> {});
  }

  /** Takes bytes. */
  public interface Sink {
    void take(byte[] bytes, int length) throws IOException;
  }

  /**
   * Reads a piece whole into a sink.
   *
   * @throws DamagedBackup at the end, where what was read is not what the cut says
   */
  public void read(Piece piece, Sink sink) throws IOException {
    Path object = object(piece);
    MessageDigest hash = Hashes.sha256();
    long size = 0;
    try (InputStream in = Files.newInputStream(object)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
        sink.take(buffer, n);
        size += n;
      }
    } catch (NoSuchFileException _) {
      throw new DamagedBackup("%s is missing; it is %s".formatted(object, piece.name()));
    }
    if (size != piece.size()) {
      throw new DamagedBackup(
          "%s has %d bytes and not %d; it is %s"
              .formatted(object, size, piece.size(), piece.name()));
    }
    if (!HexFormat.of().formatHex(hash.digest()).equals(piece.sha256())) {
      throw new DamagedBackup(
          "%s is damaged: its bytes are not those that were written; it is %s"
              .formatted(object, piece.name()));
    }
  }

  /** Makes what was kept durable, then the cut, in one step. */
  public void keep(Cut cut, byte[] key) throws IOException {
    for (Path folder : unsettled) {
      try {
        disk.syncDirectory(folder);
      } catch (IOException e) {
        leaveNothingInDoubt(folder.normalize(), e);
        throw e;
      }
    }
    unsettled.clear();
    disk.replace(file(cut.id()), CutFile.write(cut, key));
  }

  /**
   * Takes away what is below a folder whose sync failed and in no cut: a later sync succeeds,
   * whatever the disk has of it, so the next backup must bring it again.
   */
  private void leaveNothingInDoubt(Path folder, IOException failure) {
    try (Stream<Path> below = Files.walk(folder)) {
      Set<Path> named = named();
      for (Path path : below.skip(1).sorted(Comparator.reverseOrder()).toList()) {
        if (!named.contains(path)) {
          VaultFolder.deleteIfEmpty(path, disk);
        }
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** The objects of all cuts. */
  private Set<Path> named() throws IOException {
    var named = new HashSet<Path>();
    for (String id : cuts()) {
      unproved(id).pieces().forEach(piece -> named.add(object(piece).normalize()));
    }
    return named;
  }

  private Path file(String id) {
    return root.resolve("cuts").resolve(id + SUFFIX);
  }

  /** The cuts, oldest first; an interrupted one is none. */
  public List<String> cuts() throws IOException {
    Path folder = root.resolve("cuts");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    }
  }

  /** The newest cut. */
  public Optional<String> newest() throws IOException {
    List<String> all = cuts();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** What a cut says before anything proves it: good for finding its keyring alone. */
  public Cut unproved(String id) throws IOException {
    return cutFile(id).unproved();
  }

  /**
   * A cut.
   *
   * @param key of the keyring that wrote it
   * @throws DamagedBackup where it is not what was written, or of another format
   */
  public Cut cut(String id, byte[] key) throws IOException {
    Cut cut = cutFile(id).proved(key);
    if (!cut.id().equals(id)) {
      throw new DamagedBackup(file(id) + " is another backup than its name says: " + cut.id());
    }
    return cut;
  }

  private CutFile cutFile(String id) throws IOException {
    try {
      return CutFile.parse(file(id), Files.readAllBytes(file(id)));
    } catch (NoSuchFileException _) {
      throw new IOException("there is no backup " + id + " in " + root);
    }
  }

  @Override
  public void close() throws IOException {
    if (locked != null) {
      try (locked) {
        removeTree(work());
      }
    }
  }
}
