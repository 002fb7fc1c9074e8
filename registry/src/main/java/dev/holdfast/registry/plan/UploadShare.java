// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.plan;

import dev.holdfast.kit.AccountId;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Who gives way where no upload more has room. Pure. */
public final class UploadShare {
  private UploadShare() {}

  /**
   * The account that loses an upload for {@code caller} to begin one: the one that has most, where
   * it has more than the caller will have. Empty where the caller has its share and must wait.
   *
   * @param uploads how many each account has on their way
   */
  public static Optional<AccountId> yields(Map<AccountId, Integer> uploads, AccountId caller) {
    int own = uploads.getOrDefault(caller, 0);
    return uploads.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(caller) && entry.getValue() > own + 1)
        .max(
            Map.Entry.<AccountId, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.comparing(AccountId::digits))))
        .map(Map.Entry::getKey);
  }
}
