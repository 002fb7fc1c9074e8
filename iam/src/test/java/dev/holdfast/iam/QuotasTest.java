// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.iam.AddUserToGroupRequest;
import dev.holdfast.aws.iam.AttachUserPolicyRequest;
import dev.holdfast.aws.iam.CreateGroupRequest;
import dev.holdfast.aws.iam.CreateInstanceProfileRequest;
import dev.holdfast.aws.iam.CreatePolicyRequest;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.DeleteGroupRequest;
import dev.holdfast.aws.iam.DeleteInstanceProfileRequest;
import dev.holdfast.aws.iam.DeletePolicyRequest;
import dev.holdfast.aws.iam.DeleteRoleRequest;
import dev.holdfast.aws.iam.DeleteUserRequest;
import dev.holdfast.aws.iam.GetAccountSummaryResponse;
import dev.holdfast.iam.control.Quotas;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.service.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** As many as AWS lets there be, or as the operator says. */
class QuotasTest {
  private static final String POLICY =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecs:*","Resource":"*"}]}\
      """;
  private static final String TRUST =
      """
      {"Version":"2012-10-17","Statement":{"Effect":"Allow",\
      "Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}}\
      """;

  private final Fixture f = new Fixture();

  private void admin(Shape input) {
    Shape _ = f.call(f.administrator(), input);
  }

  private int summary(String name) {
    return Objects.requireNonNull(
        f.named("GetAccountSummary", GetAccountSummaryResponse.class).summaryMap().get(name));
  }

  /** What an account has a number of. */
  record Kind(
      Quota quota, String counted, IntFunction<Shape> make, IntFunction<Shape> delete, int there) {
    @Override
    public String toString() {
      return quota.title();
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(
        new Kind(
            Quota.USERS,
            "Users",
            i -> CreateUserRequest.builder().userName("u" + i).build(),
            i -> DeleteUserRequest.builder().userName("u" + i).build(),
            1),
        new Kind(
            Quota.GROUPS,
            "Groups",
            i -> CreateGroupRequest.builder().groupName("g" + i).build(),
            i -> DeleteGroupRequest.builder().groupName("g" + i).build(),
            0),
        new Kind(
            Quota.ROLES,
            "Roles",
            i ->
                CreateRoleRequest.builder()
                    .roleName("r" + i)
                    .assumeRolePolicyDocument(TRUST)
                    .build(),
            i -> DeleteRoleRequest.builder().roleName("r" + i).build(),
            0),
        new Kind(
            Quota.INSTANCE_PROFILES,
            "InstanceProfiles",
            i -> CreateInstanceProfileRequest.builder().instanceProfileName("i" + i).build(),
            i -> DeleteInstanceProfileRequest.builder().instanceProfileName("i" + i).build(),
            0));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anAccountHasAsManyAsItMay(Kind kind) {
    f.set(kind.quota(), kind.there() + 2);
    admin(kind.make().apply(1));
    admin(kind.make().apply(2));
    assertThat(summary(kind.counted())).isEqualTo(kind.there() + 2);
    assertThat(summary(kind.quota().summary())).isEqualTo(kind.there() + 2);
    assertThatThrownBy(() -> admin(kind.make().apply(3)))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).isEqualTo("LimitExceeded");
              assertThat(e.text())
                  .isEqualTo(
                      "Cannot exceed quota for %s: %d"
                          .formatted(kind.quota().title(), kind.there() + 2));
            });
    admin(kind.delete().apply(1));
    admin(kind.make().apply(3));
    f.set(kind.quota(), kind.there() + 3);
    admin(kind.make().apply(4));
    assertThat(summary(kind.counted())).isEqualTo(kind.there() + 3);
    assertThat(found()).isEmpty();
  }

  @Test
  void policiesAreCountedToo() {
    f.set(Quota.POLICIES, 1);
    admin(CreatePolicyRequest.builder().policyName("p1").policyDocument(POLICY).build());
    var second = CreatePolicyRequest.builder().policyName("p2").policyDocument(POLICY).build();
    assertThatThrownBy(() -> admin(second))
        .hasMessageContaining("Cannot exceed quota for PoliciesPerAccount: 1");
    admin(
        DeletePolicyRequest.builder()
            .policyArn("arn:aws:iam::" + f.account + ":policy/p1")
            .build());
    admin(second);
    assertThat(summary("Policies")).isEqualTo(1);
    assertThat(found()).isEmpty();
  }

  @Test
  void whatIsBeyondALoweredQuotaStays() {
    for (int i = 1; i <= 3; i++) {
      admin(CreateGroupRequest.builder().groupName("g" + i).build());
      admin(AddUserToGroupRequest.builder().groupName("g" + i).userName("administrator").build());
    }
    f.set(Quota.GROUPS_PER_USER, 2);
    f.set(Quota.POLICIES_PER_USER, 1);
    admin(AddUserToGroupRequest.builder().groupName("g3").userName("administrator").build());
    admin(CreateGroupRequest.builder().groupName("g4").build());
    assertThatThrownBy(
            () ->
                admin(
                    AddUserToGroupRequest.builder()
                        .groupName("g4")
                        .userName("administrator")
                        .build()))
        .hasMessageContaining("Cannot exceed quota for GroupsPerUser: 2");
    assertThatThrownBy(
            () ->
                admin(
                    AttachUserPolicyRequest.builder()
                        .userName("administrator")
                        .policyArn("arn:aws:iam::aws:policy/IAMReadOnlyAccess")
                        .build()))
        .hasMessageContaining("Cannot exceed quota for PoliciesPerUser: 1");
  }

  @Test
  void aQuotaIsANumberThatCanBe() {
    for (int wrong : List.of(0, -1, Quota.ROLES.highest() + 1)) {
      assertThatThrownBy(() -> f.set(Quota.ROLES, wrong))
          .hasMessageContaining("RolesPerAccount is a number from 1 to");
    }
    f.set(Quota.ROLES, 10_000);
    assertThat(Quotas.all(f.state)).containsEntry(Quota.ROLES, 10_000);
    f.set(Quota.ROLES, Quota.ROLES.usual());
    assertThat(f.state.<Integer>read(view -> view.all(IamTables.QUOTAS).size())).isZero();
  }

  @Test
  void aWrongNumberIsFound() {
    admin(CreateGroupRequest.builder().groupName("g1").build());
    assertThat(found()).isEmpty();
    int _ =
        f.state.own(
            tx -> {
              tx.put(
                  IamTables.COUNTS,
                  f.account,
                  Quota.GROUPS.title(),
                  new Quota.Count(Quota.GROUPS.title(), 7));
              return 7;
            });
    assertThat(found()).anyMatch(text -> text.contains("is 7 where there are 1"));
  }

  private List<String> found() {
    var found = new ArrayList<Finding>();
    int _ =
        f.state.read(
            view -> {
              new IamCheck().run(view, found::add);
              return found.size();
            });
    return found.stream().map(Finding::text).toList();
  }
}
