// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail;

import dev.holdfast.aws.cloudtrail.CloudTrailModel;
import dev.holdfast.kit.AccountId;
import dev.holdfast.service.ApiService;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import dev.holdfast.trail.api.LookupEvents;
import dev.holdfast.trail.control.Chainer;
import dev.holdfast.trail.control.HeadSigner;
import dev.holdfast.trail.control.Heads;
import dev.holdfast.trail.control.Retention;
import dev.holdfast.trail.control.Verifier;
import dev.holdfast.trail.control.Writer;
import dev.holdfast.trail.plan.Keeping;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The audit trail: where events are written, chained, looked up and checked. */
public final class Trail implements AutoCloseable {
  private final State state;
  private final Writer writer;
  private final Verifier verifier;
  private final Retention retention;
  private final Heads heads;
  private final ApiService service;
  private final InstantSource clock;

  private Trail(
      State state,
      Writer writer,
      Verifier verifier,
      Retention retention,
      Heads heads,
      ApiService service,
      InstantSource clock) {
    this.state = state;
    this.writer = writer;
    this.verifier = verifier;
    this.retention = retention;
    this.heads = heads;
    this.service = service;
    this.clock = clock;
  }

  public static Trail create(State state, PageTokens pages, InstantSource clock) {
    HeadSigner signer = HeadSigner.open(state);
    var writer = new Writer(state, new Chainer(state, signer), clock);
    writer.start();
    return new Trail(
        state,
        writer,
        new Verifier(signer, Keeping.STANDARD),
        new Retention(state, signer, Keeping.STANDARD),
        new Heads(state, signer),
        new ApiService(CloudTrailModel.SERVICE, List.of(new LookupEvents(state, pages))),
        clock);
  }

  public AuditLog log() {
    return writer;
  }

  public ApiService service() {
    return service;
  }

  /**
   * Shows an account's events of all regions to a visitor, of each region the newest first. It
   * reads page by page, as a trail may be long.
   *
   * @param from what is older is not shown
   * @param most how many are looked at
   */
  public Walk.Seen each(AccountId account, Instant from, long most, Consumer<AuditEvent> visitor) {
    return new Walk(state, account, from, most, visitor).run();
  }

  /** Checks the whole trail; see docs/decisions for what this proves and what it cannot. */
  public Verification verify() {
    return state.read(view -> verifier.verify(view, clock.instant()));
  }

  /**
   * Drops events that were kept long enough: 400 days for what changed something, 90 for reads.
   *
   * @return how many went
   */
  public long prune(Instant now) {
    return retention.prune(now);
  }

  /** Before when calls that only looked may be gone. */
  public Instant horizon(Instant now) {
    return Keeping.STANDARD.horizon(now);
  }

  /** The chain's signed end in one line, where it moved since it was asked for last. */
  public Optional<String> movedHead() {
    return heads.moved();
  }

  /** Keeps for {@link #verify} that an account went with all its events. */
  public void removed(AccountId account) {
    heads.removed(account, clock.instant());
  }

  @Override
  public void close() {
    writer.close();
  }
}
