// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.report;

import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.ServiceUses;
import dev.holdfast.service.Operation;
import java.util.List;

/** The list of this room's operations. */
public final class ReportOperations {
  private ReportOperations() {}

  public static List<Operation<?, ?>> of(IamState iam, ServiceUses uses) {
    return List.of(
        new GenerateCredentialReport(iam),
        new GenerateServiceLastAccessedDetails(iam),
        new GetCredentialReport(iam),
        new GetServiceLastAccessedDetails(iam, uses),
        new GetServiceLastAccessedDetailsWithEntities(iam, uses),
        new ListPoliciesGrantingServiceAccess(iam));
  }
}
