// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;

/** Thrown for a request whose signature is absent, malformed, wrong or out of its time. */
public final class SignatureFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final CommonError error;

  private SignatureFault(CommonError error, String message) {
    super(message, null, false, false);
    this.error = error;
  }

  public static SignatureFault missing(String message) {
    return new SignatureFault(CommonError.MISSING_AUTHENTICATION, message);
  }

  public static SignatureFault incomplete(String message) {
    return new SignatureFault(CommonError.INCOMPLETE_SIGNATURE, message);
  }

  public static SignatureFault wrong(String message) {
    return new SignatureFault(CommonError.INVALID_SIGNATURE, message);
  }

  public static SignatureFault unknownKey() {
    return new SignatureFault(
        CommonError.INVALID_CLIENT_TOKEN_ID,
        "The security token included in the request is invalid.");
  }

  /** Of a key that came out of a backup; said to those alone who have its secret. */
  public static SignatureFault unconfirmedKey(String accessKeyId) {
    return new SignatureFault(
        CommonError.INVALID_CLIENT_TOKEN_ID,
        "The security token included in the request is invalid: this installation was restored from"
            + " a backup, and its operator has not confirmed this access key since (./holdfast keys"
            + " confirm "
            + accessKeyId
            + ")");
  }

  public static SignatureFault expired() {
    return new SignatureFault(
        CommonError.EXPIRED_TOKEN, "The security token included in the request is expired");
  }

  public CommonError error() {
    return error;
  }

  /** The fault as the answer of a service. */
  public ApiError in(Protocol protocol) {
    return new ApiError(error.in(protocol), String.valueOf(getMessage()));
  }
}
