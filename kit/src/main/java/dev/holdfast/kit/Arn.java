// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.util.Optional;

/**
 * An Amazon Resource Name, split at its first five colons.
 *
 * @param region empty for global services
 * @param account twelve digits, {@code aws}, or empty
 * @param resource the rest, which may hold further colons and slashes
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html">ARNs</a>
 */
public record Arn(
    String partition, String service, String region, String account, String resource) {

  /** The ARN in {@code text}, or empty where it does not have six parts. */
  public static Optional<Arn> parse(String text) {
    String[] parts = text.split(":", 6);
    if (parts.length != 6
        || !parts[0].equals("arn")
        || parts[1].isEmpty()
        || parts[2].isEmpty()
        || parts[5].isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Arn(parts[1], parts[2], parts[3], parts[4], parts[5]));
  }

  public static Arn of(String service, Region region, AccountId account, String resource) {
    return new Arn("aws", service, region.name(), account.digits(), resource);
  }

  /** An ARN of a global service (IAM, STS), which names no region. */
  public static Arn global(String service, AccountId account, String resource) {
    return new Arn("aws", service, "", account.digits(), resource);
  }

  @Override
  public String toString() {
    return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + resource;
  }
}
