// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.aws.Shape;
import dev.holdfast.kit.AccountId;
import java.time.Instant;

/**
 * An operation that is called without a signature: something in its input proves who calls. The
 * door takes those alone that it names ({@code gateway.Catalog}).
 */
public interface UnsignedOperation<I extends Shape, O extends Shape> extends Operation<I, O> {

  /** The account that the call is about, in whose share of the work it is proved who calls. */
  AccountId about(I in);

  /**
   * Who calls, proved.
   *
   * @throws dev.holdfast.aws.ApiError where nobody provably does
   */
  Principal caller(I in, Instant now);
}
