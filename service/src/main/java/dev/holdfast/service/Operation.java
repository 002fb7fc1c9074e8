// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Shape;

/** One AWS operation: what it may touch, then what it does. One file, named as AWS names it. */
public interface Operation<I extends Shape, O extends Shape> {
  OperationModel<I, O> model();

  /** Every action, resource and condition key of the call; decided before {@link #handle} runs. */
  Access access(Call call, I in);

  /**
   * Whether the call brings data, such as lines of a log, and no change of what there is: the audit
   * then has it only where it is refused.
   */
  default boolean data() {
    return false;
  }

  /**
   * Does it.
   *
   * @throws dev.holdfast.aws.ApiError with an error of this operation's model
   */
  O handle(Call call, I in);
}
