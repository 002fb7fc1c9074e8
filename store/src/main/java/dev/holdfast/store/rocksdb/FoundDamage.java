// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** The damage that reads of a store met, by file; each is told once in the log. */
final class FoundDamage {
  /** More tell nobody more. */
  private static final int MOST = 20;

  private static final Pattern FILE = Pattern.compile("\\S+\\.(sst|log)|\\S*MANIFEST-\\d+");

  private final Map<String, String> found = new LinkedHashMap<>();

  /** Keeps in mind what a failed read says, where it is damage or a disk that does not read. */
  void met(Path directory, RocksDBException failure) {
    Status status = failure.getStatus();
    if (status == null
        || (status.getCode() != Status.Code.Corruption && status.getCode() != Status.Code.IOError)
        || DiskFault.of(failure) == DiskFault.DENIED) {
      return;
    }
    String reason = String.valueOf(failure.getMessage());
    Matcher named = FILE.matcher(reason);
    String file = named.find() ? named.group() : directory.toString();
    synchronized (found) {
      if (found.size() >= MOST || found.putIfAbsent(file, reason) != null) {
        return;
      }
    }
    System.getLogger("store")
        .log(
            System.Logger.Level.ERROR,
            "the state is damaged in {0}: {1}. Check it with ./holdfast fsck, and go on from a backup",
            file,
            reason);
  }

  List<String> lines() {
    synchronized (found) {
      return found.entrySet().stream()
          .map(one -> "`" + one.getKey() + "`: " + one.getValue())
          .toList();
    }
  }

  /** After a look at everything that found nothing: what was damaged is no more. */
  void forget() {
    synchronized (found) {
      found.clear();
    }
  }
}
