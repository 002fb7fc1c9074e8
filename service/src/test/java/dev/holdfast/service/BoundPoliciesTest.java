// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.store.Database;
import dev.holdfast.store.memory.MemoryStore;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoundPoliciesTest {
  private static final AccountId OWN = new AccountId("111122223333");
  private static final String ANN = "arn:aws:iam::444455556666:user/ann";
  private static final String EVE = "arn:aws:iam::444455556666:user/eve";

  /** Both accounts are there, and ann; eve is not. */
  private static Optional<String> id(Arn arn) {
    return switch (arn.resource()) {
      case "root" -> Optional.of(arn.account());
      case "user/ann" -> Optional.of("AIDAANNANNANNANNANN12");
      default -> Optional.empty();
    };
  }

  private final BoundPolicies policies = new BoundPolicies((_, arn) -> id(arn));

  private String bound(String statement) {
    PolicyDocument document =
        PolicyDocument.parse(
            "{\"Version\":\"2012-10-17\",\"Statement\":[" + statement + "]}",
            PolicyDocument.Kind.RESOURCE);
    Map<String, String> principals =
        new Database(new MemoryStore())
            .read(
                view ->
                    policies.principals(
                        view,
                        OWN,
                        document,
                        entry -> {
                          throw new AssertionError(entry);
                        }));
    return BoundPolicies.bind(document, principals).source();
  }

  private static String statement(String effect, String element, String arn) {
    return "{\"Effect\":\"%s\",\"%s\":{\"AWS\":\"%s\"},\"Action\":\"kms:Decrypt\",\"Resource\":\"*\"}"
        .formatted(effect, element, arn);
  }

  @Test
  void whoIsThereIsMeantByHisId() {
    assertThat(bound(statement("Allow", "Principal", ANN))).contains("AIDAANN").doesNotContain(ANN);
    assertThat(bound(statement("Deny", "Principal", ANN))).contains("AIDAANN").doesNotContain(ANN);
  }

  @Test
  void whoIsNotThereYetIsAllowedNothingAndDeniedWhateverIsDenied() {
    assertThat(bound(statement("Allow", "Principal", EVE)))
        .contains("AROA0000")
        .doesNotContain(EVE);
    assertThat(bound(statement("Deny", "Principal", EVE))).contains(EVE).doesNotContain("AROA0000");
    assertThat(bound(statement("Deny", "NotPrincipal", EVE)))
        .contains("AROA0000")
        .doesNotContain(EVE);
  }
}
