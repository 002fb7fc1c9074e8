// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyResponse;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.iam.TagUserRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.DecodeAuthorizationMessageRequest;
import dev.holdfast.aws.sts.DecodeAuthorizationMessageResponse;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import dev.holdfast.service.Tags;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is classified, and who is cleared for it. */
class ClearanceTest {
  private static final String ALL = "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}";

  private final Fixture f = new Fixture(Profile.STANDARD);
  private final Principal employee = user(f, "employee", "");
  private final Principal cleared = user(f, "cleared", "confidential");

  ClearanceTest() {
    classify(f, "salaries", "confidential");
  }

  private static Principal user(Fixture f, String name, String clearance) {
    var request = CreateUserRequest.builder().userName(name);
    f.call(
        f.administrator(),
        (clearance.isEmpty()
                ? request
                : request.tags(List.of(new Tag("classification", clearance))))
            .build());
    f.call(
        f.administrator(),
        PutUserPolicyRequest.builder()
            .userName(name)
            .policyName("all")
            .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[" + ALL + "]}")
            .build());
    return login(f, name);
  }

  /** The user as it is now, by a fresh key. */
  private static Principal login(Fixture f, String name) {
    var key =
        f.call(
                f.administrator(),
                CreateAccessKeyRequest.builder().userName(name).build(),
                CreateAccessKeyResponse.class)
            .accessKey();
    return f.principal(new Credentials(key.accessKeyId(), key.secretAccessKey(), null));
  }

  private static void classify(Fixture f, String parameter, String classification) {
    f.state.own(
        tx -> {
          Tags.add(tx, f.account, arn(f, parameter), Map.of("classification", classification));
          return "";
        });
  }

  private static Arn arn(Fixture f, String name) {
    return Arn.parse("arn:aws:ssm:eu-central-1:" + f.account + ":parameter/" + name).orElseThrow();
  }

  private Demand read(String name) {
    return Demand.on("ssm:GetParameter", arn(f, name)).revealing();
  }

  @Test
  void isReadByTheClearedOnlyWhateverPoliciesSay() {
    f.require(cleared, read("salaries"));
    f.require(cleared, read("menu"));
    f.require(employee, read("menu"));
    for (Principal other : List.of(employee, f.administrator())) {
      assertThatThrownBy(() -> f.require(other, read("salaries")))
          .isInstanceOfSatisfying(
              ApiError.class,
              e -> {
                assertThat(e.code()).isEqualTo("AccessDeniedException");
                assertThat(e.text()).contains("`confidential`", "classified-data");
              });
    }
    f.require(employee, Demand.on("ssm:PutParameter", arn(f, "salaries")));
  }

  @Test
  void aClearanceIsForWhatItSays() {
    classify(f, "plans", "secret");
    assertThatThrownBy(() -> f.require(cleared, read("plans"))).hasMessageContaining("`secret`");
    Principal both = user(f, "both", "confidential secret");
    f.require(both, read("plans"));
    f.require(both, read("salaries"));
    classify(f, "odd", "confi");
    assertThatThrownBy(() -> f.require(both, read("odd"))).isInstanceOf(ApiError.class);
  }

  @Test
  void isNotDeclassifiedByThoseWhoMayNotReadIt() {
    Demand removal =
        Demand.on("ssm:RemoveTagsFromResource", arn(f, "salaries"))
            .tagKeys(List.of("classification"));
    Demand change =
        Demand.on("ssm:AddTagsToResource", arn(f, "salaries"))
            .requestTags(Map.of("classification", "public"));
    assertThatThrownBy(() -> f.require(employee, removal)).hasMessageContaining("classified-data");
    assertThatThrownBy(() -> f.require(employee, change)).hasMessageContaining("classified-data");
    f.require(cleared, removal);
    f.require(cleared, change);
    f.require(
        employee,
        Demand.on("ssm:AddTagsToResource", arn(f, "salaries")).requestTags(Map.of("a", "b")));
    f.require(
        employee,
        Demand.on("ssm:AddTagsToResource", arn(f, "menu"))
            .requestTags(Map.of("classification", "confidential")));
  }

  @Test
  void nobodyClearsThemselves() {
    Tag tag = new Tag("classification", "confidential");
    assertThatThrownBy(
            () ->
                f.call(
                    employee,
                    TagUserRequest.builder().userName("employee").tags(List.of(tag)).build()))
        .hasMessageContaining("nobody changes their own clearance");
    f.call(
        f.administrator(),
        TagUserRequest.builder().userName("employee").tags(List.of(tag)).build());
    f.require(login(f, "employee"), read("salaries"));
  }

  @Test
  void noSessionIsClearedByItsOpener() {
    Arn plain = Arn.global("iam", f.account, "role/plain");
    Arn finance = Arn.global("iam", f.account, "role/finance");
    f.state.own(
        tx -> {
          Tags.add(tx, f.account, finance, Map.of("classification", "confidential"));
          return "";
        });
    Map<String, String> tag = Map.of("classification", "confidential");
    assertThatThrownBy(
            () -> f.require(employee, Demand.on("sts:TagSession", plain).requestTags(tag)))
        .hasMessageContaining("may not tag a session so");
    f.require(cleared, Demand.on("sts:TagSession", plain).requestTags(tag));
    f.require(employee, Demand.on("sts:TagSession", finance).requestTags(tag));
    f.require(employee, Demand.on("sts:AssumeRole", finance).revealing());
  }

  @Test
  void aRefusalIsExplained() {
    ApiError refusal =
        catchThrowableOfType(ApiError.class, () -> f.require(employee, read("salaries")));
    String id = refusal.text().replaceAll(".*authorization id: ([0-9a-f-]+).*", "$1");
    assertThat(f.iam.explain(id))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("ssm:GetParameter", "denied by a guardrail", "classified-data")
                    .contains("aws:ResourceTag/classification: confidential")
                    .doesNotContain("smallest statement"));
  }

  @Test
  void aRefusalIsDecodedForTheAccountsOwnPeople() {
    ApiError refusal =
        catchThrowableOfType(ApiError.class, () -> f.require(employee, read("salaries")));
    String id = refusal.text().replaceAll(".*authorization id: ([0-9a-f-]+).*", "$1");
    String decoded =
        f.call(
                f.administrator(),
                DecodeAuthorizationMessageRequest.builder().encodedMessage(id).build(),
                DecodeAuthorizationMessageResponse.class)
            .decodedMessage();
    assertThat(decoded)
        .contains("\"allowed\":false", "\"explicitDeny\":true")
        .contains("\"statementId\":\"guardrail classified-data\"")
        .contains("{\"key\":\"aws:ResourceTag/classification\"", "ssm:GetParameter");
  }

  @Test
  void isOnlyTaughtInDev() {
    var taught = new Fixture(Profile.DEV);
    Principal newcomer = user(taught, "newcomer", "");
    classify(taught, "salaries", "confidential");
    Call call =
        taught.require(
            newcomer, Demand.on("ssm:GetParameter", arn(taught, "salaries")).revealing());
    assertThat(call.record().notes())
        .singleElement()
        .asString()
        .startsWith("teach classified-data");
  }
}
