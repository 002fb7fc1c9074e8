// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallRecordTest {
  private final TestCall log = new TestCall();

  @Test
  void isWrittenOnce() {
    Call call = log.by("a", "us-east-1", "GetParameter");
    call.record().end(call, null);
    call.record().end(call, null);
    assertThat(log.appended).hasSize(1);
  }

  @Test
  void namesTheRefusal() {
    Call call = log.by("a", "us-east-1", "GetParameter");
    call.record().touched("arn:aws:ssm:us-east-1:111122223333:parameter/x");
    call.record().touched("*");
    call.record().end(call, CommonError.ACCESS_DENIED.in(Protocol.JSON).because("no"));
    AuditEvent event = log.appended.getFirst();
    assertThat(event.resources()).containsExactly("arn:aws:ssm:us-east-1:111122223333:parameter/x");
    assertThat(Json.text(event.document())).contains("AccessDenied", "\"no\"");
  }

  @Test
  void namesResourcesInTextsThatCanBeWritten() {
    Call call = log.by("a", "us-east-1", "GetParameter");
    call.record().touched("arn:aws:ssm:us-east-1:111122223333:parameter/\uD83D");
    assertThat(call.record().touches("arn:aws:ssm:us-east-1:111122223333:parameter/\uD83D"))
        .isTrue();
    call.record().end(call, null);
    assertThat(log.appended.getFirst().resources())
        .containsExactly("arn:aws:ssm:us-east-1:111122223333:parameter/\uFFFD");
  }

  @Test
  void leavesOutWhatIsTooLargeAndCutsWhatACallerWrote() {
    Call call = log.by("a", "us-east-1", "PutParameter");
    call.record().parameters(JsonObject.EMPTY.with("value", "v".repeat(200_000)));
    String story = "x".repeat(1023) + "\uD83D\uDEA2".repeat(50_000);
    call.record().end(call, CommonError.ACCESS_DENIED.in(Protocol.JSON).because("%s", story));
    JsonObject document = log.appended.getFirst().document();
    assertThat(Json.bytes(document)).hasSizeLessThan(4_000);
    assertThat(document.object("requestParameters").string("reason")).contains("100 KB");
    assertThat(document.string("errorMessage")).isEqualTo("x".repeat(1023));
  }

  @Test
  void keepsWhatIsLargeButNotTooLarge() {
    Call call = log.by("a", "us-east-1", "PutParameter");
    call.record().parameters(JsonObject.EMPTY.with("value", "v".repeat(90_000)));
    call.record().end(call, null);
    JsonObject document = log.appended.getFirst().document();
    assertThat(document.object("requestParameters").string("value")).hasSize(90_000);
  }

  @Test
  void leavesOutTheResourcesOfAnActionThatHasTooManyAndKeepsThoseOfOthers() {
    Call call = log.by("a", "us-east-1", "GetParameters");
    call.record().granted("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/k");
    for (int i = 0; i < 2_000; i++) {
      call.record()
          .granted("ssm:GetParameters", "arn:aws:ssm:us-east-1:1:parameter/" + i + "x".repeat(50));
    }
    call.record().end(call, null);
    JsonObject document = log.appended.getFirst().document();
    assertThat(Json.bytes(document)).hasSizeLessThan(4_000);
    JsonObject granted = document.object("additionalEventData").object("granted");
    assertThat(granted.array("kms:Decrypt")).hasSize(1);
    assertThat(granted.object("ssm:GetParameters").isTrue("omitted")).isTrue();
    assertThat(granted.members()).doesNotContainKey("omitted");
  }

  @Test
  void boundsTheGrantsOfManyActionsTogether() {
    Call call = log.by("a", "us-east-1", "GetParameters");
    for (int i = 0; i < 64; i++) {
      for (int j = 0; j <= i; j++) {
        call.record().granted("ssm:Get" + i, j + "x".repeat(100));
      }
    }
    call.record().end(call, null);
    JsonObject document = log.appended.getFirst().document();
    assertThat(Json.bytes(document)).hasSizeLessThan(110 * 1024);
    JsonObject granted = document.object("additionalEventData").object("granted");
    assertThat(granted.members()).hasSize(64);
    assertThat(granted.array("ssm:Get0")).hasSize(1);
    assertThat(granted.object("ssm:Get63").isTrue("omitted")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "GetParameter, true",
    "ListUsers, true",
    "DescribeTasks, true",
    "BatchGetImage, true",
    "LookupEvents, true",
    "BatchDeleteImage, false",
    "PutParameter, false",
    "CreateUser, false",
    "AssumeRole, true"
  })
  void knowsWhatOnlyLooks(String operation, boolean readOnly) {
    Call call = log.by("a", "us-east-1", operation);
    call.record().end(call, null);
    assertThat(log.appended.getFirst().readOnly()).isEqualTo(readOnly);
  }
}
