// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets;

import dev.holdfast.kit.Region;
import dev.holdfast.secrets.model.SecretTables;
import dev.holdfast.secrets.model.SecretVersion;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.service.Check;
import dev.holdfast.service.Finding;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * What must hold in Secrets Manager: each version has a value and each value a version, a label is
 * on one version alone, and where there are versions one is current.
 */
public record SecretsCheck() implements Check {
  @Override
  public String name() {
    return "secrets";
  }

  @Override
  public List<Table<?, ?>> tables() {
    return SecretTables.all();
  }

  @Override
  public void run(View view, Consumer<Finding> found) {
    SecretTables.each(view, secret -> secret(view, secret, found));
    SecretTables.eachValue(
        view,
        (account, key, value) -> {
          StoredSecret secret =
              SecretTables.secret(view, account, new Region(key.get(0)), key.get(1));
          if (secret == null || secret.version(key.get(2)).isEmpty()) {
            found.accept(
                Finding.lost(
                    key.get(1), "has a value of the version " + key.get(2) + ", which it lacks"));
          }
        });
  }

  private static void secret(View view, StoredSecret secret, Consumer<Finding> found) {
    String arn = secret.arn().toString();
    var stages = new HashSet<String>();
    for (SecretVersion version : secret.versions()) {
      if (SecretTables.value(view, secret, version.id()) == null) {
        found.accept(Finding.lost(arn, "has no value of its version " + version.id()));
      }
      for (String stage : version.stages()) {
        if (!stages.add(stage)) {
          found.accept(Finding.lost(arn, "has two versions with the label " + stage));
        }
      }
    }
    if (!secret.versions().isEmpty() && secret.staged("AWSCURRENT").isEmpty()) {
      found.accept(Finding.lost(arn, "has versions, and none of them is current"));
    }
  }
}
