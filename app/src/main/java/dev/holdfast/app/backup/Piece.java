// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.backup;

import java.util.regex.Pattern;

/**
 * One file of a cut.
 *
 * @param name its path in the data directory, or {@code sha256:...} for a blob of the registry
 * @param size in bytes
 * @param sha256 of its content, in hexadecimal: where the vault keeps it
 */
public record Piece(String name, long size, String sha256) {
  private static final int LONGEST = 1024;

  /** In one way for each name, since the file is read before it is proved. */
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?");

  private static final Pattern BLOB = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  public Piece {
    boolean named =
        name.length() <= LONGEST && (BLOB.matcher(name).matches() || NAME.matcher(name).matches());
    if (!named || size < 0 || !HASH.matcher(sha256).matches()) {
      throw new IllegalArgumentException("not a file of a backup");
    }
  }

  public boolean isBlob() {
    return BLOB.matcher(name).matches();
  }
}
