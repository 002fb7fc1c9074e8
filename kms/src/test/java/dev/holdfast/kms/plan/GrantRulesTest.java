// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.kms.model.Grant;
import dev.holdfast.kms.model.Grant.Constraint;
import dev.holdfast.kms.model.Grant.Likeness;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GrantRulesTest {
  private static final int ROUNDS = 20_000;
  private static final List<String> OPERATIONS =
      List.of("Encrypt", "Decrypt", "CreateGrant", "GenerateDataKey");

  private final Random random = new Random(7);

  private Map<String, String> pairs() {
    var pairs = new TreeMap<String, String>();
    for (String name : List.of("a", "A", "b")) {
      if (random.nextBoolean()) {
        pairs.put(name, random.nextBoolean() ? "1" : "2");
      }
    }
    return pairs;
  }

  private Grant grant() {
    List<String> operations = OPERATIONS.stream().filter(_ -> random.nextInt(3) > 0).toList();
    Likeness likeness = random.nextBoolean() ? Likeness.EQUALS : Likeness.SUBSET;
    @Nullable Constraint constraint =
        random.nextInt(3) == 0 ? null : new Constraint(likeness, pairs());
    return new Grant(
        new Region("eu-central-1"),
        "key",
        "id",
        "",
        new Grant.Party("arn:aws:iam::111122223333:user/a", "AIDA"),
        null,
        new AccountId("111122223333"),
        operations,
        constraint,
        Instant.EPOCH);
  }

  /** What is passed on never speaks for a call that what it comes from does not speak for. */
  @Test
  void neverWidensByPassingOn() {
    int within = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Grant parent = grant();
      Grant child = grant();
      if (GrantRules.within(child.operations(), child.constraint(), parent)) {
        within++;
        for (int call = 0; call < 8; call++) {
          Map<String, String> context = pairs();
          for (String operation : List.of("Encrypt", "Decrypt", "GenerateDataKey")) {
            if (GrantRules.speaksFor(child, operation, context)) {
              assertThat(GrantRules.speaksFor(parent, operation, context)).isTrue();
            }
          }
        }
      }
    }
    assertThat(within).isGreaterThan(ROUNDS / 20);
  }

  @Test
  void knowsPrincipalsByTheirArns() {
    var good =
        List.of(
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::111122223333:user/a",
            "arn:aws:iam::111122223333:role/path/to/b",
            "arn:aws:sts::111122223333:assumed-role/b/session",
            "arn:aws:sts::111122223333:federated-user/c");
    var bad =
        new ArrayList<>(
            List.of(
                "arn:aws:iam::111122223333:group/a",
                "arn:aws:iam::111122223333:user/",
                "arn:aws:iam::111122223333:user//a",
                "arn:aws:iam::111122223333:policy/a",
                "arn:aws:iam:eu-central-1:111122223333:root",
                "arn:aws-cn:iam::111122223333:root",
                "arn:aws:sts::111122223333:assumed-role/b",
                "arn:aws:kms::111122223333:root"));
    assertThat(good).allMatch(text -> GrantRules.namesPrincipal(Arn.parse(text).orElseThrow()));
    assertThat(bad).noneMatch(text -> GrantRules.namesPrincipal(Arn.parse(text).orElseThrow()));
  }

  @Test
  void namesFaultsOfConstraints() {
    assertThat(GrantRules.fault(null)).isEmpty();
    assertThat(GrantRules.fault(new Constraint(Likeness.SUBSET, Map.of("a", "b")))).isEmpty();
    assertThat(GrantRules.fault(new Constraint(Likeness.SUBSET, Map.of()))).isPresent();
    assertThat(GrantRules.fault(new Constraint(Likeness.EQUALS, Map.of("a", "x".repeat(385)))))
        .isPresent();
  }
}
