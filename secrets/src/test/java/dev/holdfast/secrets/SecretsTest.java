// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kms.World;
import dev.holdfast.service.Finding;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretsTest extends SecretsFixture {
  private static final String CANARY = "canary-7f3a-do-not-leak";
  private static final String MISSING = "Secrets Manager can't find the specified secret.";

  private List<String> findings() {
    var findings = new ArrayList<String>();
    world.state.<Boolean>read(
        view -> {
          new SecretsCheck().run(view, f -> findings.add(f.text()));
          return true;
        });
    return findings;
  }

  @Test
  void keepsAValueUnderAnArnWithSixRandomCharacters() {
    String arn = create("shop/db-password", "one");
    assertThat(arn)
        .matches(
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/db-password-[A-Za-z0-9]{6}");
    JsonObject got = call("GetSecretValue", "{'SecretId':'shop/db-password'}");
    assertThat(got.string("SecretString")).isEqualTo("one");
    assertThat(got.string("VersionId")).isEqualTo(TOKEN + "0");
    assertThat(Json.text(got)).contains("[\"AWSCURRENT\"]").doesNotContain("SecretBinary");
    assertThat(value(arn)).isEqualTo("one");
    assertThat(value(arn.substring(0, arn.length() - 7))).as("a partial ARN").isEqualTo("one");
    refused("ResourceNotFoundException", MISSING, () -> value("shop/db"));
    String other = arn.substring(0, arn.length() - 1) + (arn.endsWith("a") ? "b" : "a");
    refused("ResourceNotFoundException", MISSING, () -> value(other));
    assertThat(findings()).isEmpty();
  }

  @Test
  void namesThatEndAsAnArnDoesAreFoundByArnToo() {
    String arn = create("shop-secret", "one");
    assertThat(value(arn.substring(0, arn.length() - 7))).isEqualTo("one");
  }

  @Test
  void keepsBinaryValues() {
    call("CreateSecret", "{'Name':'cert','SecretBinary':'c2hpcA=='}");
    JsonObject got = call("GetSecretValue", "{'SecretId':'cert'}");
    assertThat(got.string("SecretBinary")).isEqualTo("c2hpcA==");
    assertThat(got.string("SecretString")).isNull();
    refused(
        "InvalidParameterException",
        "both a binary secret value and a string secret value",
        () -> call("CreateSecret", "{'Name':'x','SecretBinary':'c2hpcA==','SecretString':'a'}"));
  }

  @Test
  void refusesWhatIsNoName() {
    for (String name : List.of("a b", "ä", "a:b", "a*")) {
      refused(
          "ValidationException",
          "Invalid name. Must be a valid name containing alphanumeric characters",
          () -> call("CreateSecret", "{'Name':'%s'}".formatted(name)));
    }
    refused("ValidationException", "Invalid name", () -> value("arn:aws:ssm:eu-central-1:1:x"));
  }

  @Test
  void theSameRequestAgainIsAnsweredAlike() {
    String arn = create("a", "one");
    assertThat(create("a", "one")).isEqualTo(arn);
    refused(
        "ResourceExistsException",
        "The operation failed because the secret a already exists.",
        () -> create("a", "two"));
    refused(
        "ResourceExistsException", "already exists", () -> call("CreateSecret", "{'Name':'a'}"));
    put("a", 1, "two", "");
    assertThat(put("a", 1, "two", "").string("VersionId")).isEqualTo(TOKEN + "1");
    refused(
        "ResourceExistsException",
        "You can't use ClientRequestToken " + TOKEN + "1 because that value is already in use",
        () -> put("a", 1, "three", ""));
    assertThat(value("a")).isEqualTo("two");
    assertThat(findings()).isEmpty();
  }

  @Test
  void aNewVersionIsCurrentAndTheOldOneIsPrevious() {
    create("a", "one");
    put("a", 1, "two", "");
    put("a", 2, "three", "");
    assertThat(value("a")).isEqualTo("three");
    assertThat(
            text(
                call("GetSecretValue", "{'SecretId':'a','VersionStage':'AWSPREVIOUS'}"),
                "SecretString"))
        .isEqualTo("two");
    assertThat(
            text(
                call("GetSecretValue", "{'SecretId':'a','VersionId':'%s0'}".formatted(TOKEN)),
                "SecretString"))
        .as("a deprecated version")
        .isEqualTo("one");
    refused(
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
        () -> call("GetSecretValue", "{'SecretId':'a','VersionStage':'AWSPENDING'}"));
    refused(
        "ResourceNotFoundException",
        "for VersionId: " + TOKEN + "9",
        () -> call("GetSecretValue", "{'SecretId':'a','VersionId':'%s9'}".formatted(TOKEN)));
    refused(
        "InvalidRequestException",
        "You provided a VersionStage that is not associated to the provided VersionId.",
        () ->
            call(
                "GetSecretValue",
                "{'SecretId':'a','VersionStage':'AWSCURRENT','VersionId':'%s1'}".formatted(TOKEN)));
    assertThat(call("ListSecretVersionIds", "{'SecretId':'a'}").array("Versions")).hasSize(2);
    assertThat(
            call("ListSecretVersionIds", "{'SecretId':'a','IncludeDeprecated':true}")
                .array("Versions"))
        .hasSize(3);
    assertThat(findings()).isEmpty();
  }

  @Test
  void movesLabels() {
    create("a", "one");
    put("a", 1, "two", ",'VersionStages':['AWSPENDING','mine']");
    assertThat(value("a")).isEqualTo("one");
    String move = "{'SecretId':'a','VersionStage':'AWSCURRENT','MoveToVersionId':'%s1'%s}";
    refused(
        "InvalidParameterException",
        "The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently"
            + " attached to version "
            + TOKEN
            + "0",
        () -> call("UpdateSecretVersionStage", move.formatted(TOKEN, "")));
    call(
        "UpdateSecretVersionStage",
        move.formatted(TOKEN, ",'RemoveFromVersionId':'" + TOKEN + "0'"));
    assertThat(value("a")).isEqualTo("two");
    assertThat(Json.text(call("DescribeSecret", "{'SecretId':'a'}").object("VersionIdsToStages")))
        .contains("\"" + TOKEN + "0\":[\"AWSPREVIOUS\"]")
        .contains("\"" + TOKEN + "1\":[\"AWSPENDING\",\"mine\",\"AWSCURRENT\"]");
    refused(
        "InvalidParameterException",
        "You can only move staging label AWSCURRENT to a different secret version.",
        () ->
            call(
                "UpdateSecretVersionStage",
                "{'SecretId':'a','VersionStage':'AWSCURRENT','RemoveFromVersionId':'%s1'}"
                    .formatted(TOKEN)));
    assertThat(findings()).isEmpty();
  }

  @Test
  void aSecretWithoutAValueHasNoVersion() {
    JsonObject made = call("CreateSecret", "{'Name':'empty'}");
    assertThat(made.get("VersionId")).isNull();
    refused(
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
        () -> value("empty"));
    refused(
        "InvalidRequestException",
        "You must provide either SecretString or SecretBinary.",
        () -> call("PutSecretValue", "{'SecretId':'empty'}"));
    put("empty", 1, "one", ",'VersionStages':['mine']");
    assertThat(value("empty")).as("the first version is current in any case").isEqualTo("one");
  }

  @Test
  void deletesAfterAWindowInWhichItCanBeTakenBack() {
    String arn = create("a", "one");
    refused(
        "InvalidParameterException",
        "between 7 and 30 days (inclusive)",
        () -> call("DeleteSecret", "{'SecretId':'a','RecoveryWindowInDays':6}"));
    refused(
        "InvalidParameterException",
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        () ->
            call(
                "DeleteSecret",
                "{'SecretId':'a','RecoveryWindowInDays':7,'ForceDeleteWithoutRecovery':true}"));
    call("DeleteSecret", "{'SecretId':'a','RecoveryWindowInDays':7}");
    for (Runnable each :
        List.<Runnable>of(
            () -> value("a"),
            () -> put("a", 1, "two", ""),
            () -> call("UpdateSecret", "{'SecretId':'a','Description':'x'}"))) {
      refused(
          "InvalidRequestException",
          "You can't perform this operation on the secret because it was marked for deletion.",
          each::run);
    }
    refused(
        "InvalidRequestException",
        "currently marked deleted",
        () -> call("DeleteSecret", "{'SecretId':'a'}"));
    refused(
        "InvalidRequestException",
        "a secret with this name is already scheduled for deletion",
        () -> create("a", "two"));
    assertThat(call("ListSecrets", "{}").array("SecretList")).isEmpty();
    assertThat(call("ListSecrets", "{'IncludePlannedDeletion':true}").array("SecretList"))
        .hasSize(1);
    assertThat(call("DescribeSecret", "{'SecretId':'a'}").get("DeletedDate")).isNotNull();
    call("RestoreSecret", "{'SecretId':'a'}");
    assertThat(value("a")).isEqualTo("one");

    call("DeleteSecret", "{'SecretId':'a','RecoveryWindowInDays':7}");
    world.pass(Duration.ofDays(7));
    refused("ResourceNotFoundException", MISSING, () -> call("RestoreSecret", "{'SecretId':'a'}"));
    assertThat(create("a", "new")).as("before it was swept").isNotEqualTo(arn);
    assertThat(value("a")).isEqualTo("new");
    assertThat(findings()).isEmpty();
    call("DeleteSecret", "{'SecretId':'a'}");
    world.pass(Duration.ofDays(31));
    assertThat(secrets.deleteExpired(world.now())).isEqualTo(1);
    assertThat(secrets.deleteExpired(world.now())).isZero();
  }

  @Test
  void deletesAtOnceAndAnswersTheRequestAgainAlike() {
    String arn = create("a", "one");
    String force = "{'SecretId':'a','ForceDeleteWithoutRecovery':true}";
    assertThat(call("DeleteSecret", force).string("ARN")).isEqualTo(arn);
    assertThat(call("DeleteSecret", force).string("Name")).isEqualTo("a");
    refused("ResourceNotFoundException", MISSING, () -> call("DescribeSecret", "{'SecretId':'a'}"));
    assertThat(create("a", "two")).isNotEqualTo(arn);
    refused("ResourceNotFoundException", MISSING, () -> value(arn));
  }

  @Test
  void updatesWhatIsSaidAndTheValue() {
    create("a", "one");
    call("UpdateSecret", "{'SecretId':'a','Description':'the first'}");
    assertThat(call("DescribeSecret", "{'SecretId':'a'}").string("Description"))
        .isEqualTo("the first");
    JsonObject updated =
        call(
            "UpdateSecret",
            "{'SecretId':'a','SecretString':'two','ClientRequestToken':'%s1'}".formatted(TOKEN));
    assertThat(updated.string("VersionId")).isEqualTo(TOKEN + "1");
    assertThat(value("a")).isEqualTo("two");
    assertThat(call("DescribeSecret", "{'SecretId':'a'}").string("Description"))
        .isEqualTo("the first");
  }

  @Test
  void keepsAHundredVersionsAndDropsOldOnesWithoutLabels() {
    create("a", "one");
    for (int i = 10; i < 109; i++) {
      put("a", i, "v" + i, "");
    }
    refused(
        "LimitExceededException", "more than 100 versions", () -> put("a", 200, "too many", ""));
    world.pass(Duration.ofHours(25));
    put("a", 200, "enough", "");
    assertThat(value("a")).isEqualTo("enough");
    assertThat(
            call("ListSecretVersionIds", "{'SecretId':'a','IncludeDeprecated':true}")
                .array("Versions"))
        .hasSize(100);
    refused(
        "ResourceNotFoundException",
        "VersionId",
        () -> call("GetSecretValue", "{'SecretId':'a','VersionId':'%s0'}".formatted(TOKEN)));
    assertThat(findings()).isEmpty();
  }

  @Test
  void listsByFiltersOrderAndPage() {
    create("shop/db", "1");
    world.pass(Duration.ofMinutes(1));
    create("shop/api", "2");
    world.pass(Duration.ofMinutes(1));
    call(
        "CreateSecret",
        "{'Name':'bank/db','Description':'Money and more','Tags':[{'Key':'team','Value':'gold'}]}");
    assertThat(names("{}")).containsExactly("bank/db", "shop/api", "shop/db");
    assertThat(names("{'SortOrder':'asc'}")).containsExactly("shop/db", "shop/api", "bank/db");
    assertThat(names("{'SortBy':'name','SortOrder':'desc','MaxResults':1}"))
        .containsExactly("shop/db", "shop/api", "bank/db");
    assertThat(names("{'Filters':[{'Key':'name','Values':['shop/']}]}"))
        .containsExactly("shop/api", "shop/db");
    assertThat(names("{'Filters':[{'Key':'name','Values':['!shop/']}]}"))
        .containsExactly("bank/db");
    assertThat(names("{'Filters':[{'Key':'description','Values':['money']}]}"))
        .containsExactly("bank/db");
    assertThat(names("{'Filters':[{'Key':'tag-key','Values':['team']}]}"))
        .containsExactly("bank/db");
    assertThat(names("{'Filters':[{'Key':'tag-value','Values':['gold','silver']}]}"))
        .containsExactly("bank/db");
    assertThat(names("{'Filters':[{'Key':'all','Values':['MORE']}]}")).containsExactly("bank/db");
  }

  private List<String> names(String request) {
    var names = new ArrayList<String>();
    String token = null;
    do {
      String more = token == null ? "" : ",'NextToken':'" + token + "'";
      JsonObject page =
          call("ListSecrets", request.substring(0, request.length() - 1) + tail(request, more));
      page.array("SecretList").forEach(s -> names.add(text((JsonObject) s, "Name")));
      token = page.string("NextToken");
    } while (token != null);
    return names;
  }

  private static String tail(String request, String more) {
    return (request.equals("{}") && !more.isEmpty() ? more.substring(1) : more) + "}";
  }

  @Test
  void readsManyAtOnceAndNamesThoseThatFail() {
    create("a", "one");
    create("b", "two");
    JsonObject got = call("BatchGetSecretValue", "{'SecretIdList':['a','none','b']}");
    assertThat(got.array("SecretValues")).hasSize(2);
    assertThat(Json.text(got))
        .contains("\"SecretString\":\"two\"")
        .contains("\"ErrorCode\":\"ResourceNotFoundException\"");
    JsonObject page =
        call(
            "BatchGetSecretValue",
            "{'Filters':[{'Key':'name','Values':['a','b']}],'MaxResults':1}");
    assertThat(page.array("SecretValues")).hasSize(1);
    assertThat(page.string("NextToken")).isNotNull();
    refused(
        "InvalidParameterException",
        "Either 'SecretIdList' or 'Filters' must be provided, but not both.",
        () -> call("BatchGetSecretValue", "{}"));
    assertThat(world.events).filteredOn(e -> e.name().equals("GetSecretValue")).hasSize(4);
  }

  @Test
  void makesPasswordsByTheRules() {
    String password = text(call("GetRandomPassword", "{}"), "RandomPassword");
    assertThat(password).hasSize(32).containsPattern("[a-z]").containsPattern("[A-Z0-9]");
    assertThat(
            text(
                call(
                    "GetRandomPassword",
                    "{'PasswordLength':5,'ExcludePunctuation':true,'ExcludeUppercase':true,"
                        + "'ExcludeLowercase':true,'ExcludeCharacters':'01'}"),
                "RandomPassword"))
        .matches("[2-9]{5}");
    refused(
        "InvalidParameterException",
        "too short",
        () -> call("GetRandomPassword", "{'PasswordLength':3}"));
    refused(
        "InvalidParameterException",
        "No characters are left",
        () ->
            call(
                "GetRandomPassword",
                "{'ExcludePunctuation':true,'ExcludeUppercase':true,'ExcludeLowercase':true,"
                    + "'ExcludeNumbers':true}"));
  }

  @Test
  void refusesByNameWhatIsNotServed() {
    refused(
        "InvalidParameterException",
        "`AddReplicaRegions`",
        () -> call("CreateSecret", "{'Name':'a','AddReplicaRegions':[{'Region':'eu-central-2'}]}"));
    create("a", "one");
    refused(
        "InvalidParameterException",
        "`RotationToken`",
        () -> put("a", 1, "two", ",'RotationToken':'%s1'".formatted(TOKEN)));
  }

  @Test
  void noValueIsLeftInTheStoreOrTheRecords() {
    create("a", CANARY);
    put("a", 1, CANARY + "2", "");
    assertThat(value("a")).startsWith(CANARY);
    refused("ResourceExistsException", "", () -> put("a", 1, CANARY + "3", ""));
    try (Snapshot snapshot = world.store.read()) {
      var all = new KeyRange(Key.of(new byte[0]), Key.of(new byte[] {(byte) 0xff}));
      assertThat(snapshot.list(all, 10_000))
          .isNotEmpty()
          .allSatisfy(entry -> assertThat(new String(entry.value(), UTF_8)).doesNotContain(CANARY));
    }
    assertThat(world.events)
        .isNotEmpty()
        .allSatisfy(event -> assertThat(event.document().toString()).doesNotContain(CANARY));
  }

  @Test
  void theCheckFindsAVersionWithoutItsValue() {
    create("a", "one");
    world.state.own(
        tx -> {
          var secret =
              dev.holdfast.secrets.model.SecretTables.secret(tx, World.SHOP, World.REGION, "a");
          assertThat(secret).isNotNull();
          if (secret != null) {
            dev.holdfast.secrets.model.SecretTables.deleteValue(tx, secret, TOKEN + "0");
          }
          return true;
        });
    assertThat(findings()).singleElement().asString().contains("has no value of its version");
    assertThat(Finding.RESTORE).isNotEmpty();
  }
}
