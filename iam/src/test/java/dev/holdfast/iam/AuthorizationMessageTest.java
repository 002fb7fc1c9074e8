// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.AttachUserPolicyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyResponse;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.DecodeAuthorizationMessageRequest;
import dev.holdfast.aws.sts.DecodeAuthorizationMessageResponse;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What DecodeAuthorizationMessage tells of a denial, and to whom. */
class AuthorizationMessageTest {
  private final Fixture f = new Fixture();

  private Principal user(String name) {
    f.call(f.administrator(), CreateUserRequest.builder().userName(name).build());
    var key =
        f.call(
                f.administrator(),
                CreateAccessKeyRequest.builder().userName(name).build(),
                CreateAccessKeyResponse.class)
            .accessKey();
    return f.principal(new Credentials(key.accessKeyId(), key.secretAccessKey(), null));
  }

  private void policy(String user, String statement) {
    f.call(
        f.administrator(),
        PutUserPolicyRequest.builder()
            .userName(user)
            .policyName("p")
            .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[" + statement + "]}")
            .build());
  }

  private String denied(Principal principal, Demand demand) {
    ApiError error = catchThrowableOfType(ApiError.class, () -> f.require(principal, demand));
    String mark = "(authorization id: ";
    return error
        .text()
        .substring(error.text().indexOf(mark) + mark.length(), error.text().length() - 1);
  }

  private JsonObject decoded(Principal by, String id) {
    return Json.parseObject(
        Objects.requireNonNull(
            f.call(
                    by,
                    DecodeAuthorizationMessageRequest.builder().encodedMessage(id).build(),
                    DecodeAuthorizationMessageResponse.class)
                .decodedMessage()));
  }

  private Demand stop() {
    return Demand.on("ecs:StopTask", Arn.of("ecs", Region.GLOBAL, f.account, "task/shop/1"));
  }

  @Test
  void tellsWhatWasAskedAndCompared() {
    Principal ann = user("ann");
    policy(
        "ann",
        "{\"Effect\":\"Allow\",\"Action\":\"ecs:StopTask\",\"Resource\":\"*\",\"Condition\":{"
            + "\"StringEquals\":{\"aws:username\":\"bob\"}}}");
    JsonObject message = decoded(f.administrator(), denied(ann, stop()));
    assertThat(message.isTrue("allowed")).isFalse();
    assertThat(message.isTrue("explicitDeny")).isFalse();
    assertThat(message.object("matchedStatements").array("items")).isEmpty();
    assertThat(message.object("failures").array("items")).isEmpty();
    JsonObject context = message.object("context");
    assertThat(context.object("principal").string("name")).isEqualTo("ann");
    assertThat(context.object("principal").string("arn")).isEqualTo(ann.arn().toString());
    assertThat(context.object("principal").string("id")).isEqualTo(ann.userId());
    assertThat(context.string("action")).isEqualTo("ecs:StopTask");
    assertThat(context.string("resource")).isEqualTo(stop().resource());
    assertThat(Json.text(context.object("conditions")))
        .contains("{\"key\":\"aws:username\",\"values\":{\"items\":[{\"value\":\"ann\"}]}}");
  }

  @Test
  void namesTheStatementThatDenies() {
    Principal ann = user("ann");
    policy(
        "ann",
        "{\"Sid\":\"Never\",\"Effect\":\"Deny\",\"Action\":\"ecs:StopTask\",\"Resource\":\"*\"}");
    JsonObject message = decoded(f.administrator(), denied(ann, stop()));
    assertThat(message.isTrue("explicitDeny")).isTrue();
    JsonObject statement =
        (JsonObject) message.object("matchedStatements").array("items").getFirst();
    assertThat(statement.string("statementId")).isEqualTo("Never");
    assertThat(statement.string("effect")).isEqualTo("DENY");
  }

  @Test
  void isForTheAccountsOwnPeopleWhoMay() {
    Principal ann = user("ann");
    String id = denied(ann, stop());
    assertThatThrownBy(() -> decoded(ann, id))
        .hasMessageContaining("is not authorized to perform: sts:DecodeAuthorizationMessage");
    policy(
        "ann",
        "{\"Effect\":\"Allow\",\"Action\":\"sts:DecodeAuthorizationMessage\",\"Resource\":\"*\"}");
    decoded(ann, id);
    Principal stranger = f.principal(f.iam.accounts().create().credentials());
    invalid(stranger, id);
  }

  private void invalid(Principal by, String id) {
    assertThatThrownBy(() -> decoded(by, id))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> assertThat(e.code()).isEqualTo("InvalidAuthorizationMessageException"));
  }

  @Test
  void aTextThatWasChangedIsNone() {
    Principal ann = user("ann");
    String id = denied(ann, stop());
    decoded(f.administrator(), id);
    char last = id.charAt(id.length() - 1);
    invalid(f.administrator(), id.substring(0, id.length() - 1) + (last == '0' ? '1' : '0'));
    invalid(f.administrator(), id.toUpperCase(java.util.Locale.ROOT) + "x");
    invalid(f.administrator(), id + " ");
    invalid(f.administrator(), "x".repeat(10_240));
  }

  @Test
  void ofAnotherAccountsResourceItTellsWhatTheCallerSaid() {
    Principal ann = user("ann");
    f.call(
        f.administrator(),
        AttachUserPolicyRequest.builder()
            .userName("ann")
            .policyArn("arn:aws:iam::aws:policy/AdministratorAccess")
            .build());
    Arn key = Arn.of("kms", Region.GLOBAL, f.iam.accounts().create().account(), "key/1");
    JsonObject message = decoded(f.administrator(), denied(ann, Demand.on("kms:Decrypt", key)));
    assertThat(Json.text(message)).doesNotContain("key/1");
    assertThat(message.object("context").object("conditions").array("items")).isEmpty();
  }
}
