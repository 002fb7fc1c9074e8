// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.holdfast.aws.Schema;
import dev.holdfast.aws.Shape;
import dev.holdfast.service.Operation;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** No member of a served operation's input is ignored silently. */
class UnservedMembersTest {
  /** Members that change nothing, each with why; a new one needs a reason as good. */
  static final Map<String, String> HARMLESS =
      Map.ofEntries(
          Map.entry("ecs:DiscoverPollEndpoint.cluster", "one endpoint serves every cluster"),
          Map.entry("ecs:DiscoverPollEndpoint.containerInstance", "and every instance"),
          Map.entry("ecs:RegisterContainerInstance.instanceIdentityDocument", "the key signs"),
          Map.entry("ecs:RegisterContainerInstance.instanceIdentityDocumentSignature", "as above"),
          Map.entry("ecs:RegisterContainerInstance.platformDevices", "no task may ask for one"),
          Map.entry("ecs:RunTask.referenceId", "AWS keeps it for its own use"),
          Map.entry("ecs:SubmitTaskStateChange.attachments", "there are none yet"),
          Map.entry("ecs:SubmitTaskStateChange.managedAgents", "there are none yet"),
          Map.entry("iam:ListAccessKeys.Marker", "a user has two keys at most: one page"),
          Map.entry("iam:ListAccessKeys.MaxItems", "as above"),
          Map.entry("iam:ListAccountAliases.Marker", "an account has one alias: one page"),
          Map.entry("iam:ListAccountAliases.MaxItems", "as above"),
          Map.entry("iam:ListMFADevices.Marker", "a user has eight at most: one page"),
          Map.entry("iam:ListMFADevices.MaxItems", "as above"),
          Map.entry("iam:ListPolicyVersions.Marker", "a policy has five versions at most"),
          Map.entry("iam:ListPolicyVersions.MaxItems", "as above"),
          Map.entry("iam:ListSSHPublicKeys.Marker", "there are none: one page"),
          Map.entry("iam:ListSSHPublicKeys.MaxItems", "as above"),
          Map.entry("iam:ListServiceSpecificCredentials.AllUsers", "nobody has any"),
          Map.entry("iam:ListServiceSpecificCredentials.Marker", "there are none: one page"),
          Map.entry("iam:ListServiceSpecificCredentials.MaxItems", "as above"),
          Map.entry("iam:ListServiceSpecificCredentials.ServiceName", "no service has any"),
          Map.entry("iam:ListSigningCertificates.Marker", "there are none: one page"),
          Map.entry("iam:ListSigningCertificates.MaxItems", "as above"),
          Map.entry("kms:ListKeyPolicies.Limit", "a key has one policy"),
          Map.entry("logs:FilterLogEvents.interleaved", "it always is, as on AWS since 2019"),
          Map.entry("logs:FilterLogEvents.unmask", "nothing is masked"),
          Map.entry("logs:GetLogEvents.unmask", "as above"),
          Map.entry("logs:PutLogEvents.entity", "nothing is shown by entity"),
          Map.entry("sts:GetDelegatedAccessToken.TradeInToken", "none is good: nobody has any"));

  /** Its members are read as one document, each by the table of the plan. */
  private static final String AS_DOCUMENT = "ecs:RegisterTaskDefinition.";

  @Test
  void everyInputMemberIsReadSomewhere() throws IOException {
    var unread = new TreeSet<String>();
    try (Harbor harbor = Harbor.open()) {
      Set<String> read = read();
      for (Operation<?, ?> operation : harbor.operations()) {
        Schema input = operation.model().input();
        Shape empty = input.make(new Object[input.members().size()]);
        for (Schema.Member member : input.members()) {
          String accessor = empty.getClass().getName() + "." + member.name();
          if (!read.contains(accessor.toLowerCase(Locale.ROOT))) {
            String name = operation.model() + "." + member.name();
            if (!name.startsWith(AS_DOCUMENT)) {
              unread.add(name);
            }
          }
        }
      }
    }
    assertThat(unread).isEqualTo(HARMLESS.keySet());
  }

  /** Every accessor of a generated shape that our own code calls, in lower case. */
  private static Set<String> read() {
    JavaClasses ours =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(
                "dev.holdfast.iam",
                "dev.holdfast.kms",
                "dev.holdfast.ssm",
                "dev.holdfast.secrets",
                "dev.holdfast.logs",
                "dev.holdfast.registry",
                "dev.holdfast.ecs",
                "dev.holdfast.trail");
    var read = new HashSet<String>();
    for (JavaClass c : ours) {
      c.getMethodCallsFromSelf()
          .forEach(
              call ->
                  read.add(
                      (call.getTargetOwner().getName() + "." + call.getName())
                          .toLowerCase(Locale.ROOT)));
      c.getMethodReferencesFromSelf()
          .forEach(
              call ->
                  read.add(
                      (call.getTargetOwner().getName() + "." + call.getName())
                          .toLowerCase(Locale.ROOT)));
    }
    return read;
  }
}
