// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import java.util.Map;

/** An answer that is an error: what a client sees, nothing more. It carries no stack trace. */
public final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient ErrorShape shape;
  private final transient Map<String, Object> members;

  public ApiError(ErrorShape shape, String message) {
    this(shape, message, Map.of());
  }

  /**
   * An error with further members of its shape, such as ECS's {@code resourceIds}; values are text,
   * numbers or lists of text.
   */
  public ApiError(ErrorShape shape, String message, Map<String, Object> members) {
    super(message, null, false, false);
    this.shape = shape;
    this.members = Map.copyOf(members);
  }

  public ErrorShape shape() {
    return shape;
  }

  public Map<String, Object> members() {
    return members;
  }

  public String code() {
    return shape.code();
  }

  /** The message, which an ApiError always has. */
  public String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
