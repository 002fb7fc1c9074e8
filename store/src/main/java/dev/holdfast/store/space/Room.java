// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.space;

/**
 * What a file system has left for this process.
 *
 * @param bytes free, without what is set aside for root
 * @param files inodes that are free; {@link Long#MAX_VALUE} where the file system makes them as
 *     needed
 */
public record Room(long bytes, long files, boolean readOnly) {
  /** As text for people: {@code 12 MiB and 340 inodes}. */
  public String text() {
    if (readOnly) {
      return "mounted read-only";
    }
    String space = (bytes >> 20) + " MiB";
    return files == Long.MAX_VALUE ? space : space + " and " + files + " inodes";
  }
}
