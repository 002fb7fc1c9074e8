// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.ssm.SsmError;
import dev.holdfast.ssm.model.ParameterName;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The rules of parameter names.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html">Requirements
 *     and constraints for parameter names</a>
 */
final class NameRules {
  /** The longest name, with the ARN around it counted. */
  private static final int MOST = 1011;

  private static final int MOST_LEVELS = 15;

  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9_.\\-/]+");

  private NameRules() {}

  /**
   * Refuses names that no parameter may have.
   *
   * @throws ApiError in AWS's words
   */
  static void require(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean path = name.startsWith("/");
    if (lower.startsWith("/aws/") || lower.equals("/aws")) {
      throw new ApiError(
          CommonError.ACCESS_DENIED.in(Protocol.JSON),
          "No access to reserved parameter name: " + name + ".");
    }
    String first = path ? lower.substring(1) : lower;
    if (first.startsWith("aws") || first.startsWith("ssm")) {
      throw invalid(
          "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). If formed"
              + " as a path, it can consist of sub-paths divided by slash symbol; each sub-path can"
              + " be formed as a mix of letters, numbers and the following 3 symbols .-_");
    }
    if (!ALLOWED.matcher(name).matches()
        || name.contains("//")
        || name.endsWith("/")
        || name.length() > MOST) {
      throw invalid(
          "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path,"
              + " it can consist of sub-paths divided by slash symbol; each sub-path can be formed"
              + " as a mix of letters, numbers and the following 3 symbols .-_");
    }
    if (!path && name.contains("/")) {
      throw invalid("Parameter name must be a fully qualified name.");
    }
    if (path && ParameterName.levels(name).size() - 1 > MOST_LEVELS) {
      throw SsmError.HIERARCHY_LEVEL_LIMIT_EXCEEDED.because(
          "The hierarchy depth for the parameter you are trying to create exceeds the limit. "
              + "A parameter name can have up to %d levels.",
          MOST_LEVELS);
    }
  }

  private static ApiError invalid(String text) {
    return new ApiError(CommonError.VALIDATION.in(Protocol.JSON), text);
  }
}
