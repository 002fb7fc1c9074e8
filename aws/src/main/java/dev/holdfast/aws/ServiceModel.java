// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import java.util.Set;

/**
 * What an AWS service is on the wire.
 *
 * @param name our short name, as in the model's file name
 * @param signingName the service part of a credential scope
 * @param targetPrefix what precedes the operation in {@code X-Amz-Target} (JSON)
 * @param allOperations every operation that AWS has, served here or not
 */
public record ServiceModel(
    String name,
    String signingName,
    Protocol protocol,
    String targetPrefix,
    String apiVersion,
    String xmlNamespace,
    Set<String> allOperations) {

  /**
   * The error for input that breaks the model's constraints; some services have one of their own.
   */
  public ErrorShape validationError() {
    return switch (name) {
      case "ecs", "ecr", "logs" -> new ErrorShape("InvalidParameterException", 400);
      default -> CommonError.VALIDATION.in(protocol);
    };
  }
}
