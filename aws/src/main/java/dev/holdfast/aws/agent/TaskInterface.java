// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Hashes;

/**
 * The network interface of a task with the network mode {@code awsvpc}. Its names follow from the
 * task's ARN, so that the platform shows what the agent has made.
 */
public final class TaskInterface {
  private TaskInterface() {}

  /** {@code eni-} and 17 hexadecimal digits. */
  public static String id(String taskArn) {
    return "eni-" + Hashes.sha256Hex("eni " + taskArn).substring(0, 17);
  }

  /** The id of the attachment that the API shows: a UUID. */
  public static String attachment(String taskArn) {
    String hex = Hashes.sha256Hex("attachment " + taskArn);
    return hex.substring(0, 8)
        + "-"
        + hex.substring(8, 12)
        + "-4"
        + hex.substring(13, 16)
        + "-a"
        + hex.substring(17, 20)
        + "-"
        + hex.substring(20, 32);
  }

  /** The name that an address has in the API; no server answers for it. */
  public static String dnsName(String taskArn, String address) {
    String region = Arn.parse(taskArn).map(Arn::region).orElse("");
    return "ip-" + address.replace('.', '-') + "." + region + ".compute.internal";
  }

  /** A locally administered address of one station. */
  public static String mac(String taskArn) {
    String hex = Hashes.sha256Hex("mac " + taskArn);
    var mac = new StringBuilder("0a");
    for (int i = 0; i < 10; i += 2) {
      mac.append(':').append(hex, i, i + 2);
    }
    return mac.toString();
  }
}
