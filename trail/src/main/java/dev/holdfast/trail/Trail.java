// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail;

import dev.holdfast.aws.cloudtrail.CloudTrailModel;
import dev.holdfast.service.ApiService;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import dev.holdfast.trail.api.LookupEvents;
import dev.holdfast.trail.control.Chainer;
import dev.holdfast.trail.control.HeadSigner;
import dev.holdfast.trail.control.Verifier;
import dev.holdfast.trail.control.Writer;
import java.time.InstantSource;
import java.util.List;

/** The audit trail: where events are written, chained, looked up and checked. */
public final class Trail implements AutoCloseable {
  private final Writer writer;
  private final Verifier verifier;
  private final ApiService service;

  private Trail(Writer writer, Verifier verifier, ApiService service) {
    this.writer = writer;
    this.verifier = verifier;
    this.service = service;
  }

  public static Trail create(State state, PageTokens pages, InstantSource clock) {
    HeadSigner signer = HeadSigner.open(state);
    var writer = new Writer(state, new Chainer(state, signer), clock);
    writer.start();
    return new Trail(
        writer,
        new Verifier(state, signer),
        new ApiService(CloudTrailModel.SERVICE, List.of(new LookupEvents(state, pages))));
  }

  public AuditLog log() {
    return writer;
  }

  public ApiService service() {
    return service;
  }

  /** Checks the whole trail; see docs/decisions for what this proves and what it cannot. */
  public Verification verify() {
    return verifier.verify();
  }

  @Override
  public void close() {
    writer.close();
  }
}
