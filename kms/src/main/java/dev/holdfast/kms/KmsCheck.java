// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms;

import dev.holdfast.kit.Region;
import dev.holdfast.kms.model.GrantTables;
import dev.holdfast.kms.model.KeyMaterial;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.kms.plan.Envelope;
import dev.holdfast.service.Check;
import dev.holdfast.service.Finding;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;

/**
 * What must hold in KMS: every version of every key opens, keys are found by their id, aliases name
 * keys, and grants are of keys and counted.
 */
public record KmsCheck(Wrapper wrapper, SecureRandom random) implements Check {
  @Override
  public String name() {
    return "keys and aliases";
  }

  @Override
  public List<Table<?, ?>> tables() {
    return KmsTables.all();
  }

  @Override
  public void run(View view, Consumer<Finding> found) {
    var envelope = new Envelope(wrapper, random);
    for (KmsKey key : KmsTables.allKeys(view)) {
      key(view, envelope, key, found);
    }
    KmsTables.eachAlias(
        view,
        (account, alias) -> {
          if (KmsTables.key(view, account, alias.region(), alias.keyId()) == null) {
            found.accept(
                Finding.lost(
                    alias.arn(account).toString(),
                    "names a key that is not there: " + alias.keyId()));
          }
        });
    grants(view, found);
  }

  private static void grants(View view, Consumer<Finding> found) {
    var counted = new HashMap<String, Integer>();
    GrantTables.eachGrant(
        view,
        (account, grant) -> {
          String key = KmsKey.arn(account, grant.region(), grant.keyId()).toString();
          if (counted.merge(key, 1, Integer::sum) == 1
              && KmsTables.key(view, account, grant.region(), grant.keyId()) == null) {
            found.accept(Finding.lost(key, "has grants and is not there"));
          }
        });
    GrantTables.eachTotal(
        view,
        (account, region, id, grants) -> {
          String key = KmsKey.arn(account, new Region(region), id).toString();
          Integer there = counted.remove(key);
          if (there == null || there != grants) {
            found.accept(
                Finding.lost(
                    key, "has " + (there == null ? 0 : there) + " grants and counts " + grants));
          }
        });
    counted.forEach(
        (key, there) ->
            found.accept(Finding.lost(key, "has " + there + " grants and counts none")));
  }

  private static void key(View view, Envelope envelope, KmsKey key, Consumer<Finding> found) {
    if (key.materials().isEmpty()) {
      found.accept(Finding.lost(key.arn().toString(), "has no backing key"));
    }
    for (KeyMaterial material : key.materials()) {
      if (!envelope.opens(key, material)) {
        found.accept(
            Finding.lost(
                key.arn().toString(), "has a version that does not open: " + material.version()));
      }
    }
    if (KmsTables.anyonesKey(view, key.region(), key.id()) == null) {
      found.accept(Finding.lost(key.arn().toString(), "is not found by its id"));
    }
  }
}
