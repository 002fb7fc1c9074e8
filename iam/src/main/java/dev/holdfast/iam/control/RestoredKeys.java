// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.iam.model.AccessKey;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.service.Call;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.space.Urgency;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The access keys that came out of a backup. Which of them were deleted or deactivated after it was
 * made is nowhere to be seen, so each waits until somebody who knows confirms it.
 */
public record RestoredKeys(State state) {
  private static final int PAGE = 500;

  /**
   * Lets every active key wait.
   *
   * @return how many wait
   */
  public int suspend() {
    int waiting = 0;
    @Nullable String after = null;
    while (true) {
      String from = after;
      List<AccessKey> page =
          state.own(
              Urgency.VITAL,
              tx -> {
                List<AccessKey> keys =
                    tx.list(IamTables.ACCESS_KEYS, Table.PLATFORM, List.of(), from, PAGE);
                keys.stream()
                    .map(AccessKey::outOfBackup)
                    .filter(AccessKey::restored)
                    .forEach(key -> AccessKeys.put(tx, key));
                return keys;
              });
      waiting +=
          (int) page.stream().map(AccessKey::outOfBackup).filter(AccessKey::restored).count();
      if (page.size() < PAGE) {
        return waiting;
      }
      after = page.getLast().id();
    }
  }

  /** The keys that wait, by id. */
  public List<AccessKey> waiting() {
    return state.read(
        view -> view.byIndex(IamTables.ACCESS_KEYS, Table.PLATFORM, IamTables.RESTORED));
  }

  /**
   * Confirms a key, in one commit with the call's audit event.
   *
   * @return the key; empty where no key of this id waits
   */
  public Optional<AccessKey> confirm(Call call, String id) {
    AccessKey known = state.read(view -> view.get(IamTables.ACCESS_KEYS, Table.PLATFORM, id));
    if (known == null || !known.restored()) {
      return Optional.empty(); // without an event for what changes nothing
    }
    return state.commit(
        call,
        tx -> {
          AccessKey key = tx.get(IamTables.ACCESS_KEYS, Table.PLATFORM, id);
          if (key == null || !key.restored()) {
            return Optional.<AccessKey>empty();
          }
          AccessKeys.put(tx, key.with(true));
          return Optional.of(key);
        });
  }
}
