// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.store.space.Urgency;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The operations that go on while the disk is full, from what is kept in reserve: those that stop,
 * revoke or free, those by which an operator signs in, and the agents' reports on what runs. All
 * other changes wait for space.
 */
public final class Vital {
  /** {@code SERVICE:Operation}, as in the audit's event source and name. */
  public static final Set<String> OPERATIONS =
      all(
          "ecs:StopTask DeleteService",
          "ecs:SubmitTaskStateChange SubmitContainerStateChange SubmitAttachmentStateChanges",
          "ecs:RegisterContainerInstance DeregisterContainerInstance UpdateContainerInstancesState",
          "sts:AssumeRole GetSessionToken",
          "iam:DeleteAccessKey UpdateAccessKey DeleteUser DeleteRole DeleteUserPolicy"
              + " DeleteRolePolicy",
          "iam:DetachUserPolicy DetachRolePolicy RemoveUserFromGroup DeleteOpenIDConnectProvider"
              + " DisableOutboundWebIdentityFederation",
          "kms:DisableKey RevokeGrant",
          "ssm:DeleteParameter DeleteParameters",
          "logs:DeleteLogGroup DeleteLogStream",
          "secretsmanager:DeleteSecret",
          "ecr:BatchDeleteImage DeleteRepository");

  /** What the operator does on the machine itself, which is no operation of AWS. */
  private static final Set<String> OPERATOR = Set.of("holdfast.internal:RevokeCredentials");

  private Vital() {}

  private static Set<String> all(String... rows) {
    return Arrays.stream(rows)
        .flatMap(
            row -> {
              String service = row.substring(0, row.indexOf(':') + 1);
              return Arrays.stream(row.substring(service.length()).split(" ", -1))
                  .map(operation -> service + operation);
            })
        .collect(Collectors.toUnmodifiableSet());
  }

  /** How far a call may reach into the reserve. */
  static Urgency urgency(CallRecord record) {
    String service = record.source().replace(".amazonaws.com", "");
    String name = service + ":" + record.name();
    return OPERATIONS.contains(name) || OPERATOR.contains(name) ? Urgency.VITAL : Urgency.ORDINARY;
  }
}
