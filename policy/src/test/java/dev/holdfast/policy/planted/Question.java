// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.planted;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A question in words alone: each copy of the product is of a class loader of its own, and none
 * knows the other's types.
 */
public record Question(
    Who caller, String action, String resource, String owner, Map<String, List<String>> keys) {

  /**
   * The documents of each layer, that the question is about.
   *
   * @param gate the name of a {@code Gate}
   */
  public record Papers(
      List<String> identity,
      @Nullable String boundary,
      @Nullable List<String> session,
      @Nullable String resource,
      String gate,
      List<List<String>> serviceControl,
      List<List<String>> resourceControl) {}

  /**
   * Who asks.
   *
   * @param kind the name of a {@code Caller.Kind}
   */
  public record Who(
      String kind, String account, String arn, @Nullable String issuerArn, String uniqueId) {}
}
