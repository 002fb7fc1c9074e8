// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.InstantSource;

/** The part of the cargo that is about activations and the machines that came with them. */
record MachineCargo(Cargo cargo, Harbor harbor) {
  /** What a role of machines trusts. */
  static final String TRUST =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

  void load() {
    JsonObject role =
        JsonObject.EMPTY.with("RoleName", "edge").with("AssumeRolePolicyDocument", TRUST);
    harbor.admin("iam:CreateRole", Json.text(role));
    cargo.value("ssm.IamRole", "edge");
    cargo.value("ssm.Description", "what it is for");
    JsonObject activation =
        harbor.admin("ssm:CreateActivation", "{\"IamRole\":\"edge\",\"RegistrationLimit\":2}");
    cargo.value("ssm:DeleteActivation.ActivationId", Harbor.text(activation, "ActivationId"));
    cargo.value("ssm.InstanceId", machine(activation));
    cargo.value("ssm:DeregisterManagedInstance.InstanceId", machine(activation));
  }

  private String machine(JsonObject activation) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var machine = new StandInMachine(http, harbor.platform().url(), InstantSource.system());
      StandInMachine.Answer _ =
          machine.register(
              Harbor.text(activation, "ActivationId"), Harbor.text(activation, "ActivationCode"));
      return machine.id();
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
