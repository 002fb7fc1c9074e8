// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.tls;

import dev.holdfast.store.Table;
import java.util.List;

/** The authority's key and certificate: PKCS#8 and X.509 in base64, sealed as every row is. */
public record AuthorityKey(String privateKey, String certificate) {
  public static final Table<String, AuthorityKey> TABLE =
      Table.of("tls-authority", AuthorityKey.class, List::of);

  @Override
  public String toString() {
    return "AuthorityKey[***]";
  }
}
