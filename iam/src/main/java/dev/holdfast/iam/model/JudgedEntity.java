// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import org.jspecify.annotations.Nullable;

/**
 * The user, group or role that a call was judged by: what the call names is written to while it is
 * that one alone, where it was and as bounded as it was.
 */
public record JudgedEntity(Arn arn, String id, @Nullable String boundary) {
  public static JudgedEntity of(AccountId account, Entity entity) {
    return new JudgedEntity(entity.arn(account), entity.id(), entity.grants().boundary());
  }
}
