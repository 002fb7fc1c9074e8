// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm;

import dev.holdfast.service.Check;
import dev.holdfast.service.Finding;
import dev.holdfast.ssm.model.ManagedTables;
import dev.holdfast.ssm.model.ParameterName;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.StoredParameter;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What must hold in Systems Manager: a parameter's current version is the newest of the history,
 * what is shared or labelled is there, and no more machines have come with an activation than it
 * counts.
 */
public record SsmCheck() implements Check {
  @Override
  public String name() {
    return "parameters";
  }

  @Override
  public List<Table<?, ?>> tables() {
    return Stream.of(ParameterTables.all(), ManagedTables.all())
        .<Table<?, ?>>flatMap(List::stream)
        .toList();
  }

  @Override
  public void run(View view, Consumer<Finding> found) {
    parameters(view, found);
    machines(view, found);
  }

  private static void machines(View view, Consumer<Finding> found) {
    var came = new HashMap<String, Integer>();
    ManagedTables.eachInstance(view, i -> came.merge(i.activation(), 1, Integer::sum));
    ManagedTables.eachActivation(
        view,
        activation -> {
          int there = came.getOrDefault(activation.id(), 0);
          if (there > activation.registered()
              || activation.registered() > activation.limits().machines()) {
            found.accept(
                Finding.lost(
                    "activation " + activation.id(),
                    "counts %d of %d machines, and %d are there"
                        .formatted(
                            activation.registered(), activation.limits().machines(), there)));
          }
        });
  }

  private static void parameters(View view, Consumer<Finding> found) {
    ParameterTables.eachCurrent(
        view,
        row -> {
          StoredParameter kept =
              ParameterTables.version(view, row.account(), row.region(), row.name(), row.version());
          if (!row.equals(kept)) {
            found.accept(
                Finding.lost(
                    row.arn().toString(),
                    "is in version " + row.version() + ", which its history does not have"));
          }
        });
    ParameterTables.eachVersion(
        view,
        row -> {
          StoredParameter current =
              ParameterTables.current(view, row.account(), row.region(), row.name());
          if (current == null || current.version() < row.version()) {
            found.accept(
                Finding.lost(
                    row.arn().toString(),
                    "has a version " + row.version() + ", and no current one as new"));
          }
        });
    ParameterTables.eachLabel(
        view,
        (account, row) -> {
          if (ParameterTables.version(view, account, row.region(), row.parameter(), row.version())
              == null) {
            found.accept(
                Finding.lost(
                    ParameterName.arn(account, row.region(), row.parameter()).toString(),
                    "has the label "
                        + row.label()
                        + " on version "
                        + row.version()
                        + ", which is not there"));
          }
        });
    ParameterTables.eachPolicy(
        view,
        (account, policy) -> {
          if (ParameterTables.current(view, account, policy.region(), policy.parameter()) == null) {
            found.accept(
                Finding.lost(
                    ParameterName.arn(account, policy.region(), policy.parameter()).toString(),
                    "is shared by a policy and is not there"));
          }
        });
  }
}
