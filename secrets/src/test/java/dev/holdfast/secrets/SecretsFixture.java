// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.iam.Iam;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kms.World;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the tests of Secrets Manager share: a platform, an administrator, calls in JSON. */
abstract class SecretsFixture {
  static final String TOKEN = "11111111-1111-4111-8111-11111111111";

  final World world = new World(Profile.STANDARD);
  final Principal admin = world.user(World.SHOP, "admin", World.ANYTHING);
  final Secrets secrets =
      Secrets.create(
          new Secrets.Needs(
              world.state, world.kms, world.guard(), Iam::uniqueId, world.pages, world.random));

  SecretsFixture() {
    world.serve(secrets.service());
  }

  static void refused(String code, String text, ThrowingCallable call) {
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).as(e.text()).isEqualTo(code))
        .satisfies(e -> assertThat(e.text()).contains(text));
  }

  JsonObject call(Principal caller, String operation, String json) {
    for (Operation<?, ?> each : secrets.service().operations()) {
      if (each.model().name().equals(operation)) {
        return call(caller, each.model(), json);
      }
    }
    throw new AssertionError("no operation " + operation);
  }

  private <I extends Shape, O extends Shape> JsonObject call(
      Principal caller, OperationModel<I, O> model, String json) {
    I in = model.inputOf(JsonCodec.read(model.input(), json.replace('\'', '"').getBytes(UTF_8)));
    return Json.parseObject(JsonCodec.bytes(world.call(caller, model, in)));
  }

  JsonObject call(String operation, String json) {
    return call(admin, operation, json);
  }

  static String text(JsonObject object, String member) {
    return Objects.requireNonNull(object.string(member), member);
  }

  /** A secret with a value; returns its ARN. */
  String create(String name, String value) {
    return text(
        call(
            "CreateSecret",
            "{'Name':'%s','SecretString':'%s','ClientRequestToken':'%s0'}"
                .formatted(name, value, TOKEN)),
        "ARN");
  }

  String value(Principal caller, String id) {
    return text(call(caller, "GetSecretValue", "{'SecretId':'%s'}".formatted(id)), "SecretString");
  }

  String value(String id) {
    return value(admin, id);
  }

  JsonObject put(String name, int token, String value, String more) {
    return call(
        "PutSecretValue",
        "{'SecretId':'%s','SecretString':'%s','ClientRequestToken':'%s%d'%s}"
            .formatted(name, value, TOKEN, token, more));
  }
}
