// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.aws.sigv4.Credentials;
import java.time.Instant;

/** A session and the credentials that open it. */
public record IssuedSession(SessionFacts facts, SessionDocument document, Credentials credentials) {
  public String id() {
    return facts.id();
  }

  public Instant expires() {
    return facts.expires();
  }
}
