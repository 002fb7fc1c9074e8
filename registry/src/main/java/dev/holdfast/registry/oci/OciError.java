// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.http.Exchange.Header;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer that is an error of the distribution API. It carries no stack trace.
 *
 * @see <a
 *     href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes">Error
 *     codes</a>
 */
final class OciError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;
  private final transient List<Header> headers;

  OciError(int status, String code, String message) {
    this(status, code, message, List.of());
  }

  private OciError(int status, String code, String message, List<Header> headers) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.headers = List.copyOf(headers);
  }

  OciError with(String name, String value) {
    var more = new ArrayList<>(headers);
    more.add(new Header(name, value));
    return new OciError(status, code, text(), more);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  /** ECR's name for the error, as the audit has it. */
  String awsCode() {
    return switch (code) {
      case "NAME_UNKNOWN" -> "RepositoryNotFoundException";
      case "MANIFEST_UNKNOWN" -> "ImageNotFoundException";
      case "MANIFEST_BLOB_UNKNOWN" -> "LayersNotFoundException";
      case "TAG_INVALID" -> "ImageTagAlreadyExistsException";
      case "BLOB_UNKNOWN" -> "LayerInaccessibleException";
      case "BLOB_UPLOAD_UNKNOWN" -> "UploadNotFoundException";
      case "BLOB_UPLOAD_INVALID", "SIZE_INVALID" -> "InvalidLayerPartException";
      case "UNKNOWN", "UNAVAILABLE" -> "ServerException";
      case "TOOMANYREQUESTS" -> "ThrottlingException";
      default -> "InvalidParameterException";
    };
  }

  List<Header> headers() {
    return headers;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  byte[] body() {
    JsonObject error = JsonObject.EMPTY.with("code", code).with("message", text());
    return Json.bytes(JsonObject.EMPTY.with("errors", new JsonArray(List.of(error))));
  }

  static OciError blobUnknown(String digest) {
    return new OciError(404, "BLOB_UNKNOWN", "the repository has no blob `" + digest + "`");
  }

  static OciError manifestUnknown(String reference) {
    return new OciError(404, "MANIFEST_UNKNOWN", "Requested image not found: `" + reference + "`");
  }

  static OciError digestInvalid(String digest) {
    return new OciError(
        400, "DIGEST_INVALID", "`" + digest + "` is no digest of the form sha256:<64 hex digits>");
  }

  static OciError uploadUnknown() {
    return new OciError(
        404, "BLOB_UPLOAD_UNKNOWN", "there is no such upload any more; start it again");
  }

  static OciError unsupported(String message) {
    return new OciError(405, "UNSUPPORTED", message);
  }
}
