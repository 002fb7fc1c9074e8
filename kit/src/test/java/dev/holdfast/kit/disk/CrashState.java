// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** What is on a disk when the power is back. */
final class CrashState {
  private final TreeSet<String> folders = new TreeSet<>();
  private final TreeMap<String, byte[]> files = new TreeMap<>();

  void folder(String path) {
    folders.add(path);
  }

  void file(String path, byte[] content) {
    files.put(path, content);
  }

  /** Tells states apart. */
  long fingerprint() {
    var one = new CRC32();
    var two = new CRC32C();
    for (String folder : folders) {
      byte[] name = (folder + "\n").getBytes(StandardCharsets.UTF_8);
      one.update(name);
      two.update(name);
    }
    files.forEach(
        (path, content) -> {
          byte[] name = (path + "\0" + content.length + "\n").getBytes(StandardCharsets.UTF_8);
          one.update(name);
          two.update(name);
          one.update(content);
          two.update(content);
        });
    return one.getValue() << 32 | two.getValue();
  }

  /** Lays the state out below a folder. */
  void layOut(Path root) throws IOException {
    Disk disk = Disk.local();
    for (String folder : folders) {
      disk.makeDirectory(root.resolve(folder));
    }
    for (var file : files.entrySet()) {
      try (DiskFile out = disk.create(root.resolve(file.getKey()))) {
        out.write(ByteBuffer.wrap(file.getValue()), 0);
      }
    }
  }

  /** Takes a folder away with everything in it. */
  static void clear(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    }
  }

  @Override
  public String toString() {
    return files.entrySet().stream()
        .map(file -> file.getKey() + " (" + file.getValue().length + " bytes)")
        .collect(Collectors.joining("\n    ", "    ", ""));
  }
}
