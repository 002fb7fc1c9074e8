// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.holdfast.app.TestPlatform;
import dev.holdfast.service.Vital;
import dev.holdfast.store.space.Urgency;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What goes on while the disk is full: operations that are served at all, so that no name there is
 * a slip, and of what the platform does by itself what is named here.
 */
class VitalTest {
  /** Where the platform's own changes say that they are vital, and why each is. */
  private static final Set<String> OWN =
      Set.of(
          // a start, which a full disk must not keep from its end
          "app.Installation",
          "app.tls.Authority",
          "iam.control.Accounts", // signing in too, and an account's removal
          "registry.Registry",
          "trail.control.HeadSigner",
          // what revokes: a restore's keys, sessions and tasks; guardrails that rise again; guesses
          "app.Epoch",
          "app.Restore",
          "ecs.control.LostHosts",
          "ecs.Fleet",
          "iam.control.Passwords",
          "iam.control.RestoredKeys",
          "iam.control.SecondFactor",
          "iam.control.Sessions", // and the agents' credentials
          "service.GuardrailExceptions",
          // what stops and frees
          "ecs.control.LiveTasks",
          "ecs.control.Housekeeping",
          "ecs.control.ServiceScheduler", // where nothing is started
          "logs.control.Sweeper",
          "registry.control.Collector",
          "registry.control.Expiry",
          "trail.control.Retention",
          "iam.control.Denials",
          "kms.Kms", // keys whose time has come
          "secrets.Secrets",
          "service.ClientTokens",
          "ecs.control.Journal",
          // what agents report, and are told
          "ecs.control.InstanceScript",
          "ecs.control.TelemetryScript",
          // the audit of all this
          "trail.control.Chainer",
          "trail.control.Heads");

  @Test
  void whatThePlatformDoesByItselfWaitsUnlessItIsNamedHere() {
    var found = new TreeSet<String>();
    for (JavaClass one :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.holdfast")) {
      for (JavaFieldAccess access : one.getFieldAccessesFromSelf()) {
        String name = one.getName().replace("dev.holdfast.", "").replaceFirst("\\$.*", "");
        if (access.getTargetOwner().isEquivalentTo(Urgency.class)
            && access.getTarget().getName().equals("VITAL")
            && !name.startsWith("store.")
            && !name.endsWith("Test")
            && !name.equals("service.Vital")) {
          found.add(name);
        }
      }
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(OWN);
  }

  @Test
  void namesServedOperationsOnly() throws Exception {
    var served = new TreeSet<String>();
    try (TestPlatform platform = TestPlatform.start()) {
      platform
          .catalog()
          .operations()
          .forEach(o -> served.add(o.model().service().name() + ":" + o.model().name()));
    }
    assertThat(served).containsAll(Vital.OPERATIONS);
    assertThat(Vital.OPERATIONS).contains("ecs:StopTask", "iam:DeleteAccessKey");
    assertThat(Vital.OPERATIONS).noneMatch(o -> o.contains(":Create") || o.contains(":Put"));
  }
}
