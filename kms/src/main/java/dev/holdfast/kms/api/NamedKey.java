// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.kms.model.KmsKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key as a request found it.
 *
 * @param requestAlias the alias by which the request named it, or null
 * @param aliases all names of the key's aliases
 */
record NamedKey(KmsKey key, @Nullable String requestAlias, List<String> aliases) {
  NamedKey {
    aliases = List.copyOf(aliases);
  }
}
