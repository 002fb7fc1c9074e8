// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A log group.
 *
 * @param retention days that events are kept; null means for ever
 * @param logClass {@code STANDARD} or {@code INFREQUENT_ACCESS}, which differ in price alone
 */
public record LogGroup(
    AccountId account,
    Region region,
    String name,
    Instant created,
    @Nullable Integer retention,
    String logClass) {

  /** The ARN that tags are set on. */
  public Arn arn() {
    return arn(account, region, name);
  }

  public static Arn arn(AccountId account, Region region, String name) {
    return Arn.of("logs", region, account, "log-group:" + name);
  }

  /** A copy with another retention. */
  public LogGroup keeping(@Nullable Integer days) {
    return new LogGroup(account, region, name, created, days, logClass);
  }

  /** The first millisecond whose events are still kept. */
  public long keptFrom(Instant now) {
    return retention == null ? Long.MIN_VALUE : now.toEpochMilli() - retention * 86_400_000L;
  }
}
