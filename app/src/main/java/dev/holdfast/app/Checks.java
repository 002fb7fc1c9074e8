// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.events.Webhook;
import dev.holdfast.app.hosts.Invitation;
import dev.holdfast.app.tls.AuthorityKey;
import dev.holdfast.ecs.EcsCheck;
import dev.holdfast.iam.IamCheck;
import dev.holdfast.kms.KmsCheck;
import dev.holdfast.logs.LogsCheck;
import dev.holdfast.registry.RegistryCheck;
import dev.holdfast.registry.blob.BlobInventory;
import dev.holdfast.secrets.SecretsCheck;
import dev.holdfast.service.Check;
import dev.holdfast.service.CommonCheck;
import dev.holdfast.service.Finding;
import dev.holdfast.ssm.SsmCheck;
import dev.holdfast.store.Database;
import dev.holdfast.store.Store;
import dev.holdfast.store.Table;
import dev.holdfast.store.TableCheck;
import dev.holdfast.store.View;
import dev.holdfast.store.seal.Keyring;
import dev.holdfast.trail.TrailCheck;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What every service knows must hold, run over one state; changes nothing. */
final class Checks {
  private static final String AGAIN = "./holdfast fsck --repair writes it again from its row";

  private final List<Check> checks;

  Checks(Keyring keyring, BlobInventory blobs, SecureRandom random, InstantSource clock) {
    checks =
        List.of(
            new CommonCheck(),
            new InstallationCheck(),
            new IamCheck(),
            new KmsCheck(new Foundation.KeyringWrapper(keyring), random),
            new SsmCheck(),
            new SecretsCheck(),
            new LogsCheck(),
            new RegistryCheck(blobs),
            new TrailCheck(clock),
            new EcsCheck());
  }

  /** Every table that any service declares. */
  List<Table<?, ?>> tables() {
    var tables = new ArrayList<Table<?, ?>>();
    checks.forEach(check -> tables.addAll(check.tables()));
    return tables;
  }

  /**
   * What a run found.
   *
   * @param flaws of the form of rows and indexes; each has a finding too
   */
  record Result(long rows, List<Finding> findings, List<TableCheck.Flaw> flaws) {}

  /** Checks the form of every row and index entry, then what the services know. */
  Result run(Store store) {
    var findings = new ArrayList<Finding>();
    var flaws = new ArrayList<TableCheck.Flaw>();
    long rows = new TableCheck(tables()).check(store, flaws::add);
    for (TableCheck.Flaw flaw : flaws) {
      findings.add(
          flaw.mend() == null
              ? Finding.lost(flaw.place(), flaw.what())
              : Finding.damage(flaw.place(), flaw.what(), AGAIN));
    }
    var database = new Database(store);
    for (Check check : checks) {
      run(database, check, findings::add);
    }
    return new Result(rows, findings, flaws);
  }

  private static void run(Database database, Check check, Consumer<Finding> found) {
    try {
      database.read(
          view -> {
            check.run(view, found);
            return check;
          });
    } catch (RuntimeException e) {
      // Rows that do not read were named already; they keep the rest from being checked.
      found.accept(Finding.lost(check.name() + ":", "the check ended early: " + e.getMessage()));
    }
  }

  /** The table of the installation itself; {@link DirectoryCheck} compares it with its file. */
  private record InstallationCheck() implements Check {
    @Override
    public String name() {
      return "the installation";
    }

    @Override
    public List<Table<?, ?>> tables() {
      return List.of(
          Installation.SEALED,
          Epoch.TABLE,
          Custody.TABLE,
          LastTime.TABLE,
          AuthorityKey.TABLE,
          Invitation.TABLE,
          Webhook.TABLE,
          Webhook.POSITION);
    }

    @Override
    public void run(View view, Consumer<Finding> found) {
      // its file is what it is compared with
    }
  }
}
