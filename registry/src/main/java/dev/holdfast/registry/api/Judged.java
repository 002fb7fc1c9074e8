// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.registry.control.RepositoryPolicies;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** An operation about which the policies of the repositories that it names decide too. */
public record Judged<I extends Shape, O extends Shape>(
    Operation<I, O> operation, RepositoryPolicies policies) implements Operation<I, O> {
  @Override
  public OperationModel<I, O> model() {
    return operation.model();
  }

  @Override
  public Access access(Call call, I in) {
    return policies.judged(call, operation.access(call, in));
  }

  @Override
  public boolean data() {
    return operation.data();
  }

  @Override
  public O handle(Call call, I in) {
    return operation.handle(call, in);
  }
}
