// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

/**
 * Errors that every service shares; each protocol spells them its own way.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html">Common
 *     errors</a>
 */
public enum CommonError {
  ACCESS_DENIED("AccessDenied", 403, "AccessDeniedException", 400),
  EXPIRED_TOKEN("ExpiredToken", 403, "ExpiredTokenException", 400),
  INCOMPLETE_SIGNATURE("IncompleteSignature", 400, "IncompleteSignatureException", 400),
  INTERNAL_FAILURE("InternalFailure", 500, "InternalFailure", 500),
  INVALID_CLIENT_TOKEN_ID("InvalidClientTokenId", 403, "UnrecognizedClientException", 400),
  INVALID_SIGNATURE("SignatureDoesNotMatch", 403, "InvalidSignatureException", 400),
  MALFORMED_INPUT("MalformedInput", 400, "SerializationException", 400),
  MISSING_AUTHENTICATION(
      "MissingAuthenticationToken", 403, "MissingAuthenticationTokenException", 400),
  REQUEST_TOO_LARGE("RequestEntityTooLarge", 413, "RequestEntityTooLargeException", 413),
  SERVICE_UNAVAILABLE("ServiceUnavailable", 503, "ServiceUnavailableException", 503),
  THROTTLING("Throttling", 400, "ThrottlingException", 400),
  UNKNOWN_OPERATION("InvalidAction", 400, "UnknownOperationException", 400),
  VALIDATION("ValidationError", 400, "ValidationException", 400);

  private final ErrorShape query;
  private final ErrorShape json;

  CommonError(String queryCode, int queryStatus, String jsonCode, int jsonStatus) {
    this.query = new ErrorShape(queryCode, queryStatus);
    this.json = new ErrorShape(jsonCode, jsonStatus);
  }

  public ErrorShape in(Protocol protocol) {
    return switch (protocol) {
      case QUERY -> query;
      case JSON -> json;
    };
  }
}
