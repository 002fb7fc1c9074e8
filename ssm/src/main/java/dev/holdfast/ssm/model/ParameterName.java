// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import java.util.List;

/**
 * Parameter names: their levels, and the ARNs they lead to.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html">Requirements
 *     and constraints for parameter names</a>
 */
public final class ParameterName {
  private ParameterName() {}

  /** The levels of a name: {@code /a/b} is an empty one, {@code a} and {@code b}. */
  public static List<String> levels(String name) {
    return List.of(name.split("/", -1));
  }

  /** The ARN, in which a leading slash of the name is lost. */
  public static Arn arn(AccountId account, Region region, String name) {
    return Arn.of(
        "ssm", region, account, "parameter/" + (name.startsWith("/") ? name.substring(1) : name));
  }

  /** The other name that has the same ARN: {@code a} and {@code /a}; else the name itself. */
  public static String twin(String name) {
    if (name.startsWith("/")) {
      return name.indexOf('/', 1) < 0 ? name.substring(1) : name;
    }
    return "/" + name;
  }
}
