// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.service.Principal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What other services may know of a role. */
public record RoleFacts(
    AccountId account, String arn, String name, String id, Map<String, String> tags) {
  public RoleFacts {
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }

  /** The environment the role is tagged with, or null. */
  public @Nullable String environment() {
    return tags.get(Principal.ENVIRONMENT);
  }
}
