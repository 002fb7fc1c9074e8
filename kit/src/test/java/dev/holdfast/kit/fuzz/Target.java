// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.fuzz;

/**
 * What is fuzzed: takes any bytes, compares what it makes of them with something else, and fails
 * with an {@link AssertionError} or any other throwable where they differ. It knows nothing of the
 * engine that drives it.
 */
@FunctionalInterface
public interface Target {
  /**
   * Runs once.
   *
   * @return how it went in a word or two, such as the kind of refusal; an input with an answer that
   *     was not seen before is kept and mutated further
   */
  String run(byte[] input) throws Exception;
}
