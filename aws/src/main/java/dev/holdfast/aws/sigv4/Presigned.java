// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

/** The query parameters of a presigned URL. */
final class Presigned {
  static final String ALGORITHM = "X-Amz-Algorithm";
  static final String CREDENTIAL = "X-Amz-Credential";
  static final String DATE = "X-Amz-Date";
  static final String EXPIRES = "X-Amz-Expires";
  static final String SIGNED_HEADERS = "X-Amz-SignedHeaders";
  static final String SIGNATURE = "X-Amz-Signature";
  static final String TOKEN = "X-Amz-Security-Token";

  private Presigned() {}
}
