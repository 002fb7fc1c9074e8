// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.issue;

import dev.holdfast.iam.control.issue.TokenIssuers;
import dev.holdfast.service.Operation;
import java.util.List;

/** The list of this room's operations. */
public final class IssueOperations {
  private IssueOperations() {}

  public static List<Operation<?, ?>> of(TokenIssuers issuers) {
    return List.of(
        new DisableOutboundWebIdentityFederation(issuers),
        new EnableOutboundWebIdentityFederation(issuers),
        new GetOutboundWebIdentityFederationInfo(issuers));
  }
}
