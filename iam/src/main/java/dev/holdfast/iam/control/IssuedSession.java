// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.iam.model.SessionDocument;
import dev.holdfast.iam.model.SessionFacts;
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
