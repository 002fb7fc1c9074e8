// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.TestPlatform;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What strangers get at the door of machines that come by an activation: nothing, and no harm. */
@Timeout(120)
class MachineStrangersTest {
  private final InstantSource clock = InstantSource.system();
  private final HttpClient http = HttpClient.newHttpClient();
  private TestPlatform platform;
  private Harbor harbor;

  @SuppressWarnings("NullAway.Init")
  MachineStrangersTest() {}

  @BeforeEach
  void open() throws Exception {
    platform = TestPlatform.start(clock);
    harbor = Harbor.over(platform);
    JsonObject role =
        JsonObject.EMPTY
            .with("RoleName", "edge")
            .with("AssumeRolePolicyDocument", MachineCargo.TRUST);
    harbor.admin("iam:CreateRole", Json.text(role));
  }

  @AfterEach
  void close() throws Exception {
    http.shutdownNow();
    harbor.close();
  }

  private JsonObject activation() {
    return harbor.admin("ssm:CreateActivation", "{\"IamRole\":\"edge\",\"RegistrationLimit\":5}");
  }

  private StandInMachine machine(HttpClient client) throws Exception {
    return new StandInMachine(client, platform.url(), clock);
  }

  private static StandInMachine.Answer register(StandInMachine machine, JsonObject activation)
      throws Exception {
    return machine.register(
        Harbor.text(activation, "ActivationId"), Harbor.text(activation, "ActivationCode"));
  }

  @Test
  void guessesAreSlowedDownAndTheCodeIsNot() throws Exception {
    JsonObject made = activation();
    String id = Harbor.text(made, "ActivationId");
    StandInMachine machine = machine(http);
    for (int i = 0; i < 10; i++) {
      assertThat(machine.register(id, "AAAAAAAAAAAAAAAAAAA" + i).code())
          .isEqualTo("InvalidActivation");
    }
    assertThat(machine.register(id, "AAAAAAAAAAAAAAAAAAAA").code())
        .isEqualTo("ThrottlingException");
    assertThat(register(machine, made).status()).isEqualTo(200);
  }

  /** Thirty addresses spent what all may try together, and no machine could register any more. */
  @Test
  void strangersKeepNoMachineOut() throws Exception {
    JsonObject made = activation();
    String id = Harbor.text(made, "ActivationId");
    KeyPair theirs = StandInMachine.fresh();
    boolean spent = false;
    for (int i = 1; i <= 200 && !spent; i++) {
      try (HttpClient from =
          HttpClient.newBuilder().localAddress(InetAddress.getByName("127.0.0." + i)).build()) {
        var stranger = new StandInMachine(from, platform.url(), clock, theirs);
        spent = throttled(() -> stranger.register(id, "x")); // who had tried nothing yet
        for (int j = 1; j < 10; j++) {
          assertThat(stranger.register(id, "x").code())
              .isIn("InvalidActivation", "ThrottlingException");
        }
      }
    }
    assertThat(spent).isTrue();
    StandInMachine machine = machine(http);
    assertThat(register(machine, made).status()).isEqualTo(200);
    var nobody = new StandInMachine(http, platform.url(), clock, theirs);
    nobody.calls("mi-00000000000000000");
    boolean refused = false;
    for (int i = 0; i < 100 && !refused; i++) {
      refused = throttled(nobody::token);
    }
    assertThat(refused).isTrue();
    assertThat(machine.token().status()).as("whose signature is good").isEqualTo(200);
  }

  private interface Asking {
    StandInMachine.Answer ask() throws Exception;
  }

  private static boolean throttled(Asking asking) throws Exception {
    return asking.ask().code().equals("ThrottlingException");
  }

  /** An id that is not there was told apart, and so was the region of one that is. */
  @Test
  void whetherAMachineIsThereIsNotTold() throws Exception {
    StandInMachine machine = machine(http);
    assertThat(register(machine, activation()).status()).isEqualTo(200);
    StandInMachine unknown = machine(http);
    unknown.takes(machine);
    unknown.calls("mi-0123456789abcdef0");
    StandInMachine elsewhere = machine(http);
    elsewhere.takes(machine);
    elsewhere.goes("eu-central-1");
    StandInMachine thief = machine(http);
    thief.calls(machine.id());
    StandInMachine lost = machine(http);
    lost.calls("mi-0123456789abcdef0");
    lost.goes("eu-central-1");
    for (StandInMachine other : List.of(thief, unknown, elsewhere, lost)) {
      StandInMachine.Answer answer = other.token();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.code()).isEqualTo("InvalidInstanceId");
      assertThat(answer.text("message")).isEqualTo("Not existing InstanceId " + other.id());
    }
    assertThat(machine.token().status()).isEqualTo(200);
  }

  /** A task's agent lets what says it is signed pass; it registered without one. */
  @Test
  void whatSaysItIsSignedIsNoRegistration() throws Exception {
    JsonObject made = activation();
    StandInMachine machine = machine(http);
    JsonObject claim =
        machine.claim(Harbor.text(made, "ActivationId"), Harbor.text(made, "ActivationCode"));
    for (String query : List.of("?X-Amz-Signature=1", "?X-Amz-Algorithm=AWS4-HMAC-SHA256")) {
      var through = new StandInMachine(http, platform.url().resolve("/" + query), clock);
      assertThat(through.send("RegisterManagedInstance", claim, Map.of()).code())
          .as(query)
          .isEqualTo("ValidationException");
    }
    assertThat(machine.send("RegisterManagedInstance", claim, Map.of()).status()).isEqualTo(200);
  }
}
