// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.kit.Json;
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
