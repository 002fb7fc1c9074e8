// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Going around a second factor, over the wire: the same code at once, and many guesses at once. */
class SecondFactorDoorTest {
  private static final int AT_ONCE = 24;

  private Harbor harbor;
  private Harbor.User sailor;
  private Phone phone;
  private String serial;
  private long next;

  @BeforeEach
  void open() throws IOException {
    harbor = Harbor.open();
    sailor = harbor.user("sailor");
    JsonObject device =
        harbor
            .admin("iam:CreateVirtualMFADevice", "{\"VirtualMFADeviceName\":\"sailor\"}")
            .object("VirtualMFADevice");
    serial = Harbor.text(device, "SerialNumber");
    phone = Phone.of(device);
    next = phone.enable(harbor, "sailor", serial);
  }

  @AfterEach
  void close() throws IOException {
    harbor.close();
  }

  private String request(String code) {
    return Json.text(JsonObject.EMPTY.with("SerialNumber", serial).with("TokenCode", code));
  }

  private JsonObject session(String code) {
    return harbor.call(sailor.credentials(), "us-east-1", "sts:GetSessionToken", request(code));
  }

  /** What each of many calls at once ends with. */
  private List<String> atOnce(String code) throws InterruptedException, ExecutionException {
    var start = new CountDownLatch(1);
    var ends = new ArrayList<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Future<String>>();
      for (int i = 0; i < AT_ONCE; i++) {
        calls.add(
            threads.submit(
                () -> {
                  start.await();
                  try {
                    JsonObject _ = session(code);
                    return "opened";
                  } catch (ApiError e) {
                    return e.code() + ": " + e.text();
                  }
                }));
      }
      start.countDown();
      for (Future<String> call : calls) {
        ends.add(call.get());
      }
    }
    return ends;
  }

  @Test
  void aCodeOpensOneSessionHoweverManyAskAtOnce() throws Exception {
    List<String> ends = atOnce(phone.code(next));
    assertThat(ends).filteredOn("opened"::equals).hasSize(1);
    assertThat(ends)
        .filteredOn(end -> !end.equals("opened"))
        .allMatch(
            end ->
                end.startsWith(
                    "AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass"
                        + " code."));
  }

  @Test
  void noNumberOfGuessesAtOnceIsMoreThanFive() throws Exception {
    long step = Phone.step(Instant.now());
    List<String> right = LongStream.rangeClosed(step - 2, step + 9).mapToObj(phone::code).toList();
    String wrong = right.contains("000000") ? "000001" : "000000";
    assertThat(right).doesNotContain(wrong);
    List<String> ends = atOnce(wrong);
    assertThat(ends).filteredOn(end -> end.endsWith("one time pass code. ")).hasSize(5);
    assertThat(ends).filteredOn(end -> end.contains("Too many were wrong")).hasSize(AT_ONCE - 5);
  }

  @Test
  void theRecordSaysWhoShowedASecondFactorAndNothingOfCodesAndKeys() {
    String code = phone.code(next);
    JsonObject keys = session(code).object("Credentials");
    var strong =
        new Credentials(
            Harbor.text(keys, "AccessKeyId"),
            Harbor.text(keys, "SecretAccessKey"),
            Harbor.text(keys, "SessionToken"));
    harbor.policy(
        sailor,
        Json.parseObject(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"""));
    JsonObject _ =
        harbor.call(
            strong,
            "us-east-1",
            "ssm:PutParameter",
            "{\"Name\":\"/berth\",\"Value\":\"v\",\"Type\":\"String\"}");
    String events = Json.text(harbor.admin("cloudtrail:LookupEvents", "{}"));
    assertThat(events)
        .contains("CreateVirtualMFADevice", "EnableMFADevice", "GetSessionToken", serial)
        .contains("\\\"mfaAuthenticated\\\":\\\"true\\\"")
        .contains("\\\"TokenCode\\\":\\\"***\\\"", "\\\"AuthenticationCode1\\\":\\\"***\\\"")
        .doesNotContain(code)
        .doesNotContainPattern("[A-Z2-7]{40}");
  }
}
