// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.Immutable;
import java.util.Locale;

/** A modelled error: its code on the wire and its HTTP status. */
@Immutable
public record ErrorShape(String code, int status) {

  /** The error with its reason. */
  @FormatMethod
  public ApiError because(String format, Object... arguments) {
    return new ApiError(
        this, arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
  }
}
