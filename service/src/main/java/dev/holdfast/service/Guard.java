// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

/** Decides; the only way to a resource, for calls at the door and for services calling services. */
@FunctionalInterface
public interface Guard {

  /**
   * Returns where every demand is granted.
   *
   * @throws dev.holdfast.aws.ApiError AccessDenied in the words of AWS, ending with an
   *     authorization id that {@code ./holdfast explain} understands
   */
  void require(Call call, Access access);
}
