// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.space;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code statvfs(3)}, which alone tells of free inodes. Its record on 64-bit Linux is a row of
 * 64-bit words: f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail, f_fsid,
 * f_flag.
 */
final class Statvfs {
  private static final int FRSIZE = 1;
  private static final int BAVAIL = 4;
  private static final int FILES = 5;
  private static final int FAVAIL = 7;
  private static final int FLAG = 9;

  /** ST_RDONLY of sys/statvfs.h. */
  private static final long READ_ONLY = 1;

  /** More than any system's record. */
  private static final long BYTES = 256;

  private static final MethodHandle CALL = handle();

  private Statvfs() {}

  @SuppressWarnings("restricted") // the launcher allows native access: RocksDB needs it too
  private static MethodHandle handle() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("statvfs"),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
  }

  static Room room(Path folder) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment record = arena.allocate(BYTES, Long.BYTES);
      int result = (int) CALL.invokeExact(arena.allocateFrom(folder.toString()), record);
      if (result != 0) {
        throw new IOException(
            Files.isDirectory(folder)
                ? "the file system of " + folder + " cannot be measured"
                : folder + " is no folder");
      }
      long files = word(record, FILES) == 0 ? Long.MAX_VALUE : word(record, FAVAIL);
      return new Room(
          word(record, FRSIZE) * word(record, BAVAIL),
          files,
          (word(record, FLAG) & READ_ONLY) != 0);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static long word(MemorySegment record, int index) {
    return record.getAtIndex(ValueLayout.JAVA_LONG, index);
  }
}
