// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.ecs.EcsCheck;
import dev.holdfast.iam.IamCheck;
import dev.holdfast.kms.KmsCheck;
import dev.holdfast.registry.RegistryCheck;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.service.Check;
import dev.holdfast.service.CommonCheck;
import dev.holdfast.service.Finding;
import dev.holdfast.ssm.SsmCheck;
import dev.holdfast.store.Database;
import dev.holdfast.store.Store;
import dev.holdfast.store.Table;
import dev.holdfast.store.TableCheck;
import dev.holdfast.store.seal.Keyring;
import dev.holdfast.trail.TrailCheck;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Everything that must hold in a state and its blobs, in form and in meaning. */
record StateCheck(List<Check> checks) {
  static final List<Table<?, ?>> OWN = List.of(Installation.SEALED, Epoch.TABLE, Custody.TABLE);

  static StateCheck of(Keyring keyring, BlobStore blobs, SecureRandom random, InstantSource clock) {
    return new StateCheck(
        List.of(
            new CommonCheck(),
            new IamCheck(),
            new KmsCheck(new KeyringWrapper(keyring), random),
            new SsmCheck(),
            new RegistryCheck(blobs),
            new EcsCheck(),
            new TrailCheck(clock)));
  }

  /** Looks at a state; returns how many rows it has. */
  long run(Store store, Consumer<Finding> found) {
    var tables = new ArrayList<>(OWN);
    checks.forEach(check -> tables.addAll(check.tables()));
    var damaged = new boolean[1];
    long rows =
        new TableCheck(tables)
            .check(
                store,
                flaw -> {
                  damaged[0] = true;
                  found.accept(Finding.lost(flaw.place(), flaw.what()));
                });
    if (!damaged[0]) {
      var database = new Database(store);
      for (Check check : checks) {
        database.read(
            view -> {
              check.run(view, found);
              return rows;
            });
      }
    }
    return rows;
  }
}
