// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.kms.CreateKeyRequest;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.PutKeyPolicyRequest;
import dev.holdfast.aws.ssm.DeleteParameterRequest;
import dev.holdfast.aws.ssm.DeleteResourcePolicyRequest;
import dev.holdfast.aws.ssm.GetParameterHistoryRequest;
import dev.holdfast.aws.ssm.GetParameterRequest;
import dev.holdfast.aws.ssm.GetParametersRequest;
import dev.holdfast.aws.ssm.GetResourcePoliciesRequest;
import dev.holdfast.aws.ssm.GetResourcePoliciesResponseEntry;
import dev.holdfast.aws.ssm.PutParameterRequest;
import dev.holdfast.aws.ssm.PutResourcePolicyRequest;
import dev.holdfast.aws.ssm.PutResourcePolicyResponse;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.iam.Iam;
import dev.holdfast.kms.World;
import dev.holdfast.service.Finding;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Parameters that are shared with other accounts. */
class SharingTest {
  private static final String ARN = "arn:aws:ssm:eu-central-1:111122223333:parameter/shop/url";
  private static final String BANK = "arn:aws:iam::444455556666:root";

  private final World world = new World(Profile.STANDARD);
  private final Principal admin = world.user(World.SHOP, "admin", World.ANYTHING);
  private final Principal banker = world.user(World.BANK, "banker", World.ANYTHING);

  SharingTest() {
    world.serve(
        Ssm.create(
                new Ssm.Needs(
                    world.state,
                    world.kms,
                    world.guard(),
                    Iam::uniqueId,
                    world.pages,
                    new NoMachines(),
                    world.random))
            .service());
    parameter("/shop/url", "Advanced", "String", null);
  }

  private void parameter(String name, String tier, String type, @Nullable String key) {
    world.call(
        admin,
        SsmModel.PUT_PARAMETER,
        PutParameterRequest.builder()
            .name(name)
            .value("value of " + name)
            .type(type)
            .tier(tier)
            .keyId(key)
            .build());
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  private static String policy(String principal, String... actions) {
    return """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},\
    "Action":["%s"],"Resource":"%s"}]}\
    """
        .formatted(principal, String.join("\",\"", actions), ARN);
  }

  private PutResourcePolicyResponse share(String policy) {
    return world.call(
        admin,
        SsmModel.PUT_RESOURCE_POLICY,
        PutResourcePolicyRequest.builder().resourceArn(ARN).policy(policy).build());
  }

  private String get(Principal caller, String name) {
    return String.valueOf(
        Objects.requireNonNull(
                world
                    .call(
                        caller,
                        SsmModel.GET_PARAMETER,
                        GetParameterRequest.builder().name(name).withDecryption(true).build())
                    .parameter())
            .value());
  }

  private List<GetResourcePoliciesResponseEntry> policies() {
    return world
        .call(
            admin,
            SsmModel.GET_RESOURCE_POLICIES,
            GetResourcePoliciesRequest.builder().resourceArn(ARN).build())
        .policies();
  }

  @Test
  void opensOneParameterToAnotherAccountForReading() {
    refused("AccessDeniedException", () -> get(banker, ARN));
    share(policy(BANK, "ssm:GetParameter"));
    assertThat(get(banker, ARN)).isEqualTo("value of /shop/url");
    GetParametersRequest several = GetParametersRequest.builder().names(List.of(ARN)).build();
    GetParameterHistoryRequest history = GetParameterHistoryRequest.builder().name(ARN).build();
    refused("AccessDeniedException", () -> world.call(banker, SsmModel.GET_PARAMETERS, several));
    refused(
        "AccessDeniedException", () -> world.call(banker, SsmModel.GET_PARAMETER_HISTORY, history));
    share(policy(BANK, "ssm:GetParameters", "ssm:GetParameterHistory"));
    assertThat(world.call(banker, SsmModel.GET_PARAMETERS, several).parameters()).hasSize(1);
    assertThat(world.call(banker, SsmModel.GET_PARAMETER_HISTORY, history).parameters()).hasSize(1);
    refused("AccessDeniedException", () -> get(banker, ARN.replace("url", "other")));
    refused(
        "AccessDeniedException",
        () ->
            world.call(
                banker,
                SsmModel.DELETE_PARAMETER,
                DeleteParameterRequest.builder().name(ARN).build()));
    refused(
        "AccessDeniedException",
        () ->
            world.call(
                banker,
                SsmModel.PUT_RESOURCE_POLICY,
                PutResourcePolicyRequest.builder()
                    .resourceArn(ARN)
                    .policy(policy(BANK, "ssm:GetParameter"))
                    .build()));
  }

  @Test
  void needsTheOtherAccountsOwnLeaveToo() {
    share(policy(BANK, "ssm:GetParameter"));
    Principal clerk = world.user(World.BANK, "clerk", "");
    refused("AccessDeniedException", () -> get(clerk, ARN));
  }

  @Test
  void letsAUserOfItsOwnAccountInByName() {
    Principal guest = world.user(World.SHOP, "guest", "");
    refused("AccessDeniedException", () -> get(guest, "/shop/url"));
    share(policy("arn:aws:iam::111122223333:user/guest", "ssm:GetParameter"));
    assertThat(get(guest, "/shop/url")).isEqualTo("value of /shop/url");
  }

  @Test
  void sharesASecretOnlyWithItsKey() {
    var key =
        Objects.requireNonNull(
            world
                .call(admin, KmsModel.CREATE_KEY, CreateKeyRequest.builder().build())
                .keyMetadata());
    parameter("/shop/password", "Advanced", "SecureString", key.keyId());
    String arn = ARN.replace("url", "password");
    world.call(
        admin,
        SsmModel.PUT_RESOURCE_POLICY,
        PutResourcePolicyRequest.builder()
            .resourceArn(arn)
            .policy(policy(BANK, "ssm:GetParameter").replace(ARN, arn))
            .build());
    refused("AccessDeniedException", () -> get(banker, arn));
    world.call(
        admin,
        KmsModel.PUT_KEY_POLICY,
        PutKeyPolicyRequest.builder()
            .keyId(key.keyId())
            .policy(
                """
                {"Version":"2012-10-17","Statement":[
                 {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},
                  "Action":"kms:*","Resource":"*"},
                 {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},
                  "Action":"kms:Decrypt","Resource":"*"}]}\
                """)
            .build());
    assertThat(get(banker, arn)).isEqualTo("value of /shop/password");
  }

  @Test
  void isChangedAndEndedByWhoKnowsItsText() {
    PutResourcePolicyResponse made = share(policy(BANK, "ssm:GetParameter"));
    assertThat(policies())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.policyId()).isEqualTo(made.policyId());
              assertThat(entry.policyHash()).isEqualTo(made.policyHash());
              assertThat(entry.policy()).contains(BANK);
            });
    var change =
        PutResourcePolicyRequest.builder()
            .resourceArn(ARN)
            .policy(policy(BANK, "ssm:GetParameters"))
            .policyId(made.policyId());
    refused(
        "ResourcePolicyInvalidParameterException",
        () -> world.call(admin, SsmModel.PUT_RESOURCE_POLICY, change.build()));
    refused(
        "ResourcePolicyConflictException",
        () -> world.call(admin, SsmModel.PUT_RESOURCE_POLICY, change.policyHash("other").build()));
    PutResourcePolicyResponse changed =
        world.call(
            admin, SsmModel.PUT_RESOURCE_POLICY, change.policyHash(made.policyHash()).build());
    assertThat(changed.policyId()).isEqualTo(made.policyId());
    refused("AccessDeniedException", () -> get(banker, ARN));
    var end = DeleteResourcePolicyRequest.builder().resourceArn(ARN).policyId(made.policyId());
    refused(
        "ResourcePolicyConflictException",
        () ->
            world.call(
                admin, SsmModel.DELETE_RESOURCE_POLICY, end.policyHash(made.policyHash()).build()));
    world.call(
        admin, SsmModel.DELETE_RESOURCE_POLICY, end.policyHash(changed.policyHash()).build());
    assertThat(policies()).isEmpty();
    refused(
        "ResourcePolicyNotFoundException",
        () ->
            world.call(
                admin,
                SsmModel.DELETE_RESOURCE_POLICY,
                end.policyHash(changed.policyHash()).build()));
  }

  @Test
  void refusesWhatIsNoSharing() {
    for (String bad :
        List.of(
            "{}",
            "x",
            policy(BANK, "ssm:PutParameter"),
            policy(BANK, "ssm:*"),
            policy(BANK, "*"),
            policy(BANK, "ssm:GetParameter", "ssm:DeleteParameter"),
            policy(BANK, "ssm:GetParameter").replace("Allow", "Deny"),
            policy(BANK, "ssm:GetParameter").replace("Principal", "NotPrincipal"),
            policy("*", "ssm:GetParameter"),
            policy(BANK + "\",\"*", "ssm:GetParameter")
                .replace("\"arn:aws:iam", "[\"arn:aws:iam")
                .replace("\"*\"", "\"*\"]"),
            policy(BANK, "ssm:GetParameter").replace("{\"AWS\":\"" + BANK + "\"}", "\"*\""),
            policy(BANK, "ssm:GetParameter").replace("\"Action\"", "\"NotAction\""),
            policy(BANK, "ssm:GetParameter").replace("eu-central-1", "x".repeat(21_000)))) {
      refused("MalformedResourcePolicyDocumentException", () -> share(bad));
    }
    parameter("/shop/small", "Standard", "String", null);
    String small = ARN.replace("url", "small");
    for (String arn : List.of(small, ARN + ":1", "/shop/url-of-no-arn-at-all")) {
      refused(
          "ResourcePolicyInvalidParameterException",
          () ->
              world.call(
                  admin,
                  SsmModel.PUT_RESOURCE_POLICY,
                  PutResourcePolicyRequest.builder()
                      .resourceArn(arn)
                      .policy(policy(BANK, "ssm:GetParameter"))
                      .build()));
    }
    refused(
        "ResourceNotFoundException",
        () ->
            world.call(
                admin,
                SsmModel.GET_RESOURCE_POLICIES,
                GetResourcePoliciesRequest.builder()
                    .resourceArn(ARN.replace("url", "none"))
                    .build()));
    assertThat(policies()).isEmpty();
  }

  @Test
  void endsWithTheParameter() {
    share(policy(BANK, "ssm:GetParameter"));
    world.call(
        admin,
        SsmModel.DELETE_PARAMETER,
        DeleteParameterRequest.builder().name("/shop/url").build());
    parameter("/shop/url", "Advanced", "String", null);
    refused("AccessDeniedException", () -> get(banker, ARN));
    assertThat(policies()).isEmpty();
    var found = new ArrayList<Finding>();
    world.state.<Boolean>read(
        view -> {
          new SsmCheck().run(view, found::add);
          return true;
        });
    assertThat(found).isEmpty();
  }

  @Test
  void hasALimit() {
    for (int i = 0; i < 50; i++) {
      share(policy(BANK, "ssm:GetParameter"));
    }
    refused("ResourcePolicyLimitExceededException", () -> share(policy(BANK, "ssm:GetParameter")));
    assertThat(policies()).hasSize(50);
  }
}
