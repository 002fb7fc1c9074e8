// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import java.util.Optional;

/**
 * A service that has a role of its own in each account that uses it.
 *
 * @param principal such as {@code ecs.amazonaws.com}
 * @param role the role's name, which no suffix changes
 * @param policy the ARN of its one policy
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html">Service-linked
 *     roles</a>
 */
public record LinkedService(String principal, String role, String policy, String description) {
  /** The path that all of these roles have, and no others. */
  public static final String PATH = "/aws-service-role/";

  /** Amazon ECS. */
  public static final LinkedService ECS =
      new LinkedService(
          "ecs.amazonaws.com",
          "AWSServiceRoleForECS",
          "arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy",
          "Role to enable Amazon ECS to manage your cluster.");

  public static Optional<LinkedService> of(String principal) {
    return principal.equals(ECS.principal) ? Optional.of(ECS) : Optional.empty();
  }

  /** The service whose role has a name. */
  public static Optional<LinkedService> ofRole(String name) {
    return name.equals(ECS.role) ? Optional.of(ECS) : Optional.empty();
  }

  /** Whether a path makes a role a service's own. */
  public static boolean isPath(String path) {
    return path.startsWith(PATH);
  }

  public String path() {
    return PATH + principal + "/";
  }

  /** Trusts the service alone. */
  public String trust() {
    return """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"%s"},\
        "Action":"sts:AssumeRole"}]}"""
        .formatted(principal);
  }
}
