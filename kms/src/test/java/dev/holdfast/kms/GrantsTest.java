// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.iam.DeleteUserPolicyRequest;
import dev.holdfast.aws.iam.DeleteUserRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UpdateUserRequest;
import dev.holdfast.aws.kms.CreateGrantRequest;
import dev.holdfast.aws.kms.CreateGrantResponse;
import dev.holdfast.aws.kms.DecryptRequest;
import dev.holdfast.aws.kms.DescribeKeyRequest;
import dev.holdfast.aws.kms.EncryptRequest;
import dev.holdfast.aws.kms.GrantConstraints;
import dev.holdfast.aws.kms.GrantListEntry;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.ListGrantsRequest;
import dev.holdfast.aws.kms.ListGrantsResponse;
import dev.holdfast.aws.kms.ListRetirableGrantsRequest;
import dev.holdfast.aws.kms.RetireGrantRequest;
import dev.holdfast.aws.kms.RevokeGrantRequest;
import dev.holdfast.aws.kms.ScheduleKeyDeletionRequest;
import dev.holdfast.kit.Arn;
import dev.holdfast.kms.model.GrantTables;
import dev.holdfast.service.Finding;
import dev.holdfast.service.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Grants: whom they let do what, and how they end. */
class GrantsTest extends KmsFixture {
  private static final Map<String, String> SHOP = Map.of("app", "shop");
  private final String key = key().keyId();
  private final Principal crew = world.user(World.SHOP, "crew", "");

  private CreateGrantRequest.Builder grant(Principal grantee, String... operations) {
    return CreateGrantRequest.builder()
        .keyId(key)
        .granteePrincipal(grantee.identity().arn().toString())
        .operations(List.of(operations));
  }

  private CreateGrantResponse make(CreateGrantRequest.Builder request) {
    return world.call(admin, KmsModel.CREATE_GRANT, request.build());
  }

  private void describe(Principal caller) {
    world.call(caller, KmsModel.DESCRIBE_KEY, DescribeKeyRequest.builder().keyId(key).build());
  }

  private void retire(Principal caller, @Nullable String id) {
    world.call(
        caller,
        KmsModel.RETIRE_GRANT,
        RetireGrantRequest.builder().keyId(arn()).grantId(id).build());
  }

  private String arn() {
    return "arn:aws:kms:eu-central-1:111122223333:key/" + key;
  }

  private static String id(CreateGrantResponse made) {
    return Objects.requireNonNull(made.grantId());
  }

  private List<GrantListEntry> grants() {
    return world
        .call(admin, KmsModel.LIST_GRANTS, ListGrantsRequest.builder().keyId(key).build())
        .grants();
  }

  @Test
  void letsItsGranteeDoWhatItNamesAndNoMore() {
    byte[] blob = encrypt(admin, key, Map.of());
    refused("AccessDeniedException", () -> decrypt(crew, blob, Map.of()));
    make(grant(crew, "Decrypt"));
    assertThat(decrypt(crew, blob, Map.of())).isEqualTo(SECRET);
    refused("AccessDeniedException", () -> encrypt(crew, key, Map.of()));
    refused("AccessDeniedException", () -> describe(crew));
    make(grant(crew, "DescribeKey", "Encrypt"));
    describe(crew);
    encrypt(crew, key, Map.of());
    Principal other = world.user(World.SHOP, "other", "");
    refused("AccessDeniedException", () -> decrypt(other, blob, Map.of()));
  }

  @Test
  void needsNothingOfTheKeyPolicyButYieldsToItsDeny() {
    putPolicy(key, allow("arn:aws:iam::111122223333:user/admin", "kms:*"));
    make(grant(crew, "Encrypt"));
    encrypt(crew, key, Map.of());
    putPolicy(
        key,
        allow("arn:aws:iam::111122223333:user/admin", "kms:*")
            + ","
            + allow("arn:aws:iam::111122223333:user/crew", "kms:Encrypt").replace("Allow", "Deny"));
    refused("AccessDeniedException", () -> encrypt(crew, key, Map.of()));
  }

  @Test
  void yieldsToADenyOfTheGranteesOwnPolicies() {
    Principal banned =
        world.user(
            World.SHOP,
            "banned",
            "{\"Effect\":\"Deny\",\"Action\":\"kms:Encrypt\",\"Resource\":\"*\"}");
    make(grant(banned, "Encrypt", "DescribeKey"));
    describe(banned);
    refused("AccessDeniedException", () -> encrypt(banned, key, Map.of()));
  }

  @Test
  void holdsItsGranteeToTheEncryptionContext() {
    make(
        grant(crew, "Encrypt", "DescribeKey")
            .constraints(GrantConstraints.builder().encryptionContextSubset(SHOP).build()));
    encrypt(crew, key, SHOP);
    encrypt(crew, key, Map.of("app", "shop", "more", "x"));
    describe(crew);
    for (Map<String, String> other :
        List.<Map<String, String>>of(
            Map.of(), Map.of("app", "Shop"), Map.of("App", "shop"), Map.of("more", "x"))) {
      refused("AccessDeniedException", () -> encrypt(crew, key, other));
    }
    Principal strict = world.user(World.SHOP, "strict", "");
    make(
        grant(strict, "Encrypt")
            .constraints(GrantConstraints.builder().encryptionContextEquals(SHOP).build()));
    encrypt(strict, key, SHOP);
    refused(
        "AccessDeniedException", () -> encrypt(strict, key, Map.of("app", "shop", "more", "x")));
  }

  @Test
  void isMadeOnceForTheSameNameAndContent() {
    CreateGrantResponse first = make(grant(crew, "Encrypt", "Decrypt").name("once"));
    CreateGrantResponse again = make(grant(crew, "Decrypt", "Encrypt").name("once"));
    assertThat(again.grantId()).isEqualTo(first.grantId());
    assertThat(again.grantToken()).isNotEqualTo(first.grantToken());
    assertThat(make(grant(crew, "Encrypt").name("once")).grantId()).isNotEqualTo(first.grantId());
    assertThat(make(grant(crew, "Encrypt")).grantId())
        .isNotEqualTo(make(grant(crew, "Encrypt")).grantId());
    assertThat(grants()).hasSize(4);
  }

  @Test
  void neverPassesOnMoreThanItGives() {
    make(
        grant(crew, "CreateGrant", "Encrypt", "Decrypt")
            .constraints(GrantConstraints.builder().encryptionContextSubset(SHOP).build()));
    Principal mate = world.user(World.SHOP, "mate", "");
    GrantConstraints shop = GrantConstraints.builder().encryptionContextSubset(SHOP).build();
    GrantConstraints looser =
        GrantConstraints.builder().encryptionContextSubset(Map.of("more", "x")).build();
    for (CreateGrantRequest.Builder wider :
        List.of(
            grant(mate, "Encrypt", "DescribeKey").constraints(shop),
            grant(mate, "RetireGrant").constraints(shop),
            grant(mate, "Encrypt"),
            grant(mate, "Encrypt").constraints(looser))) {
      refused(
          "AccessDeniedException", () -> world.call(crew, KmsModel.CREATE_GRANT, wider.build()));
    }
    world.call(
        crew,
        KmsModel.CREATE_GRANT,
        grant(mate, "Encrypt")
            .constraints(
                GrantConstraints.builder()
                    .encryptionContextEquals(Map.of("app", "shop", "more", "x"))
                    .build())
            .build());
    encrypt(mate, key, Map.of("app", "shop", "more", "x"));
    refused("AccessDeniedException", () -> encrypt(mate, key, SHOP));
    refused(
        "AccessDeniedException",
        () -> world.call(mate, KmsModel.CREATE_GRANT, grant(mate, "Encrypt").build()));
  }

  @Test
  void isRetiredByWhomItNamesAndByItsAccount() {
    Principal steward = world.user(World.SHOP, "steward", "");
    String first =
        id(make(grant(crew, "Encrypt").retiringPrincipal(steward.identity().arn().toString())));
    refused("AccessDeniedException", () -> retire(crew, first));
    retire(steward, first);
    refused("AccessDeniedException", () -> retire(steward, first));
    refused("AccessDeniedException", () -> encrypt(crew, key, Map.of()));
    CreateGrantResponse second = make(grant(crew, "Encrypt", "RetireGrant"));
    encrypt(crew, key, Map.of());
    world.call(
        crew,
        KmsModel.RETIRE_GRANT,
        RetireGrantRequest.builder().grantToken(second.grantToken()).build());
    refused("AccessDeniedException", () -> encrypt(crew, key, Map.of()));
    refused(
        "InvalidGrantTokenException",
        () ->
            world.call(
                crew,
                KmsModel.RETIRE_GRANT,
                RetireGrantRequest.builder().grantToken(second.grantToken()).build()));
    retire(admin, id(make(grant(crew, "Encrypt"))));
    refused("NotFoundException", () -> retire(admin, "0".repeat(64)));
    refused("ValidationException", () -> retire(admin, null));
  }

  @Test
  void isNotRetiredByWordOfTheKeyPolicy() {
    String made = id(make(grant(crew, "Encrypt")));
    putPolicy(
        key,
        allow("arn:aws:iam::111122223333:root", "kms:*")
            + ","
            + allow("arn:aws:iam::111122223333:user/crew", "kms:RetireGrant"));
    refused("AccessDeniedException", () -> retire(crew, made));
    Principal banned =
        world.user(
            World.SHOP,
            "banned",
            "{\"Effect\":\"Deny\",\"Action\":\"kms:RetireGrant\",\"Resource\":\"*\"}");
    String other =
        id(make(grant(crew, "Encrypt").retiringPrincipal(banned.identity().arn().toString())));
    refused("AccessDeniedException", () -> retire(banned, other));
  }

  @Test
  void endsWhenItIsRevoked() {
    String made = id(make(grant(crew, "Encrypt")));
    RevokeGrantRequest revoke = RevokeGrantRequest.builder().keyId(key).grantId(made).build();
    refused("AccessDeniedException", () -> world.call(crew, KmsModel.REVOKE_GRANT, revoke));
    refused(
        "DryRunOperationException",
        () ->
            world.call(
                admin,
                KmsModel.REVOKE_GRANT,
                RevokeGrantRequest.builder().keyId(key).grantId(made).dryRun(true).build()));
    encrypt(crew, key, Map.of());
    world.call(admin, KmsModel.REVOKE_GRANT, revoke);
    refused("AccessDeniedException", () -> encrypt(crew, key, Map.of()));
    refused("NotFoundException", () -> world.call(admin, KmsModel.REVOKE_GRANT, revoke));
    assertThat(grants()).isEmpty();
  }

  @Test
  void meansNobodyWhoGetsTheNameLater() {
    Principal leaver = world.user(World.SHOP, "leaver", World.ANYTHING);
    make(grant(leaver, "Encrypt").retiringPrincipal(leaver.identity().arn().toString()));
    world.call(
        admin,
        IamModel.DELETE_USER_POLICY,
        DeleteUserPolicyRequest.builder().userName("leaver").policyName("rights").build());
    encrypt(leaver, key, Map.of());
    world.call(admin, IamModel.DELETE_USER, DeleteUserRequest.builder().userName("leaver").build());
    Principal namesake = world.user(World.SHOP, "leaver", "");
    refused("AccessDeniedException", () -> encrypt(namesake, key, Map.of()));
    refused("AccessDeniedException", () -> retire(namesake, grants().getFirst().grantId()));
    assertThat(grants().getFirst().granteePrincipal()).isEqualTo(leaver.identity().uniqueId());
  }

  @Test
  void showsPoliciesWhatIsAsked() {
    Principal limited =
        world.user(
            World.SHOP,
            "limited",
            """
            {"Effect":"Allow","Action":"kms:CreateGrant","Resource":"*","Condition":{
              "ForAllValues:StringEquals":{"kms:GrantOperations":["Encrypt","Decrypt"]},
              "StringEquals":{"kms:GrantConstraintType":"EncryptionContextSubset",
                "kms:EncryptionContext:app":"shop",
                "kms:GranteePrincipal":"arn:aws:iam::111122223333:user/crew",
                "kms:RetiringPrincipal":"arn:aws:iam::111122223333:user/admin"},
              "Bool":{"kms:GrantIsForAWSResource":"false"}}}""");
    GrantConstraints shop = GrantConstraints.builder().encryptionContextSubset(SHOP).build();
    String retiring = admin.identity().arn().toString();
    world.call(
        limited,
        KmsModel.CREATE_GRANT,
        grant(crew, "Encrypt").constraints(shop).retiringPrincipal(retiring).build());
    for (CreateGrantRequest.Builder other :
        List.of(
            grant(crew, "Encrypt", "DescribeKey").constraints(shop).retiringPrincipal(retiring),
            grant(admin, "Encrypt").constraints(shop).retiringPrincipal(retiring),
            grant(crew, "Encrypt").retiringPrincipal(retiring),
            grant(crew, "Encrypt").constraints(shop))) {
      refused(
          "AccessDeniedException", () -> world.call(limited, KmsModel.CREATE_GRANT, other.build()));
    }
  }

  @Test
  void letsAnotherAccountInWhereItsOwnPoliciesDoToo() {
    Principal banker = world.user(World.BANK, "banker", World.ANYTHING);
    Principal clerk = world.user(World.BANK, "clerk", "");
    refused("AccessDeniedException", () -> encrypt(banker, arn(), Map.of()));
    make(grant(banker, "Encrypt"));
    make(grant(clerk, "Encrypt"));
    encrypt(banker, arn(), Map.of());
    refused("AccessDeniedException", () -> encrypt(clerk, arn(), Map.of()));
    CreateGrantRequest wider = grant(clerk, "Encrypt").keyId(arn()).build();
    refused("AccessDeniedException", () -> world.call(banker, KmsModel.CREATE_GRANT, wider));
  }

  @Test
  void tellsNothingOfWhoIsInAnotherAccount() {
    String ghost = "arn:aws:iam::444455556666:user/ghost";
    make(grant(crew, "Encrypt").granteePrincipal(ghost));
    Principal late = world.user(World.BANK, "ghost", World.ANYTHING);
    refused("AccessDeniedException", () -> encrypt(late, arn(), Map.of()));
    assertThat(grants().getFirst().granteePrincipal()).isEqualTo(ghost);
  }

  /** Making the same grant again finds the first, whoever came or went in the other account. */
  @Test
  void tellsNothingOfWhoCameOrWentInAnotherAccount() {
    String ghost = "arn:aws:iam::444455556666:user/ghost";
    CreateGrantRequest.Builder named =
        grant(crew, "Encrypt").granteePrincipal(ghost).retiringPrincipal(ghost).name("once");
    String first = id(make(named));
    world.user(World.BANK, "ghost", "");
    assertThat(id(make(named))).isEqualTo(first);
    Principal root = World.root(World.BANK);
    world.call(root, IamModel.DELETE_USER, DeleteUserRequest.builder().userName("ghost").build());
    assertThat(id(make(named))).isEqualTo(first);
    Principal leaver = world.user(World.SHOP, "leaver", "");
    String own = id(make(grant(leaver, "Encrypt").name("own")));
    world.call(admin, IamModel.DELETE_USER, DeleteUserRequest.builder().userName("leaver").build());
    Principal namesake = world.user(World.SHOP, "leaver", "");
    assertThat(id(make(grant(namesake, "Encrypt").name("own")))).isNotEqualTo(own);
  }

  @Test
  void staysWithItsUserUnderAnotherName() {
    make(grant(crew, "Encrypt"));
    String retired =
        id(make(grant(admin, "Encrypt").retiringPrincipal(crew.identity().arn().toString())));
    make(grant(crew, "Encrypt", "RetireGrant").name("given back"));
    world.call(
        admin,
        IamModel.UPDATE_USER,
        UpdateUserRequest.builder().userName("crew").newUserName("hands").build());
    Principal hands =
        new Principal(
            new Principal.Identity(
                Principal.Kind.USER,
                World.SHOP,
                crew.identity().uniqueId(),
                "hands",
                Arn.global("iam", World.SHOP, "user/hands")),
            "AKIAhands",
            Map.of(),
            null);
    encrypt(hands, key, Map.of());
    retire(hands, retired);
    for (GrantListEntry left : grants()) {
      if (left.operations().contains("RetireGrant")) {
        retire(hands, left.grantId());
      }
    }
    assertThat(grants()).hasSize(1);
    encrypt(hands, key, Map.of());
    Principal namesake = world.user(World.SHOP, "crew", "");
    refused("AccessDeniedException", () -> encrypt(namesake, key, Map.of()));
  }

  /** A grant to the whole account needs the user's own leave; one to the user does not. */
  @Test
  void isNotHiddenByAnotherThatSpeaksToo() {
    make(grant(crew, "Encrypt").granteePrincipal("arn:aws:iam::111122223333:root"));
    refused("AccessDeniedException", () -> encrypt(crew, key, Map.of()));
    make(grant(crew, "Encrypt"));
    encrypt(crew, key, Map.of());
  }

  @Test
  void refusesWhatNoGrantMaySay() {
    for (String nobody :
        List.of(
            "arn:aws:iam::111122223333:user/ghost",
            "arn:aws:iam::111122223333:group/crew",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:s3:::bucket",
            "111122223333",
            "ecs.amazonaws.com")) {
      refused("InvalidArnException", () -> make(grant(crew, "Encrypt").granteePrincipal(nobody)));
      refused("InvalidArnException", () -> make(grant(crew, "Encrypt").retiringPrincipal(nobody)));
    }
    refused("ValidationException", () -> make(grant(crew, "Sign")));
    refused("ValidationException", () -> make(grant(crew)));
    GrantConstraints both =
        GrantConstraints.builder()
            .encryptionContextSubset(SHOP)
            .encryptionContextEquals(SHOP)
            .build();
    refused("ValidationException", () -> make(grant(crew, "Encrypt").constraints(both)));
    for (GrantConstraints empty :
        List.of(
            GrantConstraints.builder().build(),
            GrantConstraints.builder().encryptionContextSubset(Map.of()).build(),
            GrantConstraints.builder().encryptionContextEquals(Map.of()).build())) {
      refused("ValidationException", () -> make(grant(crew, "Encrypt").constraints(empty)));
    }
    var nine = new HashMap<String, String>();
    for (int i = 0; i < 9; i++) {
      nine.put("k" + i, "v");
    }
    GrantConstraints many = GrantConstraints.builder().encryptionContextSubset(nine).build();
    refused("ValidationException", () -> make(grant(crew, "Encrypt").constraints(many)));
    refused("DryRunOperationException", () -> make(grant(crew, "Encrypt").dryRun(true)));
    assertThat(grants()).isEmpty();
  }

  @Test
  void takesItsTokensAndNoOthers() {
    String token = Objects.requireNonNull(make(grant(crew, "Encrypt", "Decrypt")).grantToken());
    byte[] blob =
        Objects.requireNonNull(
            world
                .call(
                    crew,
                    KmsModel.ENCRYPT,
                    EncryptRequest.builder()
                        .keyId(key)
                        .plaintext(SECRET)
                        .grantTokens(List.of(token))
                        .build())
                .ciphertextBlob());
    world.call(
        crew,
        KmsModel.DECRYPT,
        DecryptRequest.builder().ciphertextBlob(blob).grantTokens(List.of(token)).build());
    String changed = (token.startsWith("A") ? "B" : "A") + token.substring(1);
    for (String forged : List.of(changed, "x", "AAAA", token.substring(4))) {
      refused(
          "InvalidGrantTokenException",
          () ->
              world.call(
                  crew,
                  KmsModel.DECRYPT,
                  DecryptRequest.builder()
                      .ciphertextBlob(blob)
                      .grantTokens(List.of(forged))
                      .build()));
    }
  }

  @Test
  void isListedInPagesByKeyAndByWhoMayRetireIt() {
    String retiring = admin.identity().arn().toString();
    var made = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      made.add(id(make(grant(crew, "Encrypt").retiringPrincipal(retiring))));
    }
    make(grant(crew, "Encrypt"));
    var seen = new ArrayList<String>();
    String marker = null;
    do {
      ListGrantsResponse page =
          world.call(
              admin,
              KmsModel.LIST_RETIRABLE_GRANTS,
              ListRetirableGrantsRequest.builder()
                  .retiringPrincipal(retiring)
                  .limit(2)
                  .marker(marker)
                  .build());
      page.grants().forEach(grant -> seen.add(Objects.requireNonNull(grant.grantId())));
      marker = page.nextMarker();
    } while (marker != null);
    assertThat(seen).containsExactlyInAnyOrderElementsOf(made);
    ListGrantsResponse first =
        world.call(
            admin, KmsModel.LIST_GRANTS, ListGrantsRequest.builder().keyId(key).limit(4).build());
    assertThat(first.grants()).hasSize(4);
    assertThat(first.truncated()).isTrue();
    assertThat(
            world
                .call(
                    admin,
                    KmsModel.LIST_GRANTS,
                    ListGrantsRequest.builder()
                        .keyId(key)
                        .limit(4)
                        .marker(first.nextMarker())
                        .build())
                .grants())
        .hasSize(2);
    assertThat(
            world
                .call(
                    admin,
                    KmsModel.LIST_GRANTS,
                    ListGrantsRequest.builder().keyId(key).grantId(made.get(3)).build())
                .grants())
        .hasSize(1)
        .allSatisfy(
            grant -> {
              assertThat(grant.retiringPrincipal()).isEqualTo(retiring);
              assertThat(grant.operations()).containsExactly("Encrypt");
              assertThat(grant.issuingAccount()).isEqualTo("arn:aws:iam::111122223333:root");
            });
  }

  @Test
  void goesWithItsKey() {
    for (int i = 0; i < 3; i++) {
      make(grant(crew, "Encrypt"));
    }
    assertThat(faults()).isEmpty();
    world.call(
        admin,
        KmsModel.SCHEDULE_KEY_DELETION,
        ScheduleKeyDeletionRequest.builder().keyId(key).pendingWindowInDays(7).build());
    refused("KMSInvalidStateException", () -> make(grant(crew, "Encrypt")));
    world.pass(Duration.ofDays(8));
    assertThat(world.kms.deleteExpired(world.now())).isEqualTo(1);
    assertThat(faults()).isEmpty();
    assertThat(
            world.state.<Boolean>read(
                view -> {
                  var left = new ArrayList<String>();
                  GrantTables.eachGrant(view, (_, grant) -> left.add(grant.id()));
                  return left.isEmpty();
                }))
        .isTrue();
  }

  private List<Finding> faults() {
    var found = new ArrayList<Finding>();
    world.state.<Boolean>read(
        view -> {
          new KmsCheck(world.keyring, world.random).run(view, found::add);
          return true;
        });
    return found;
  }
}
