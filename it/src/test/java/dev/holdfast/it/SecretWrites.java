// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static dev.holdfast.it.IdentityWrites.TAG;
import static dev.holdfast.it.IdentityWrites.done;
import static dev.holdfast.it.IdentityWrites.tagged;
import static dev.holdfast.it.Wreckable.gone;
import static dev.holdfast.it.Wreckable.named;
import static dev.holdfast.it.Wreckable.same;
import static dev.holdfast.it.Wreckable.step;
import static dev.holdfast.it.Wreckable.whole;

import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Parameters, and the aliases of keys. */
final class SecretWrites {
  static final List<Wreckable> ALL =
      List.of(
          parameter("String"),
          parameter("SecureString"),
          new Wreckable(
              "alias",
              List.of(
                  step(
                      "CreateAlias",
                      (to, life) ->
                          done(to.call(KmsModel.CREATE_ALIAS, alias(life, life.round().keyId())))),
                  step(
                      "UpdateAlias",
                      (to, life) ->
                          done(
                              to.call(
                                  KmsModel.UPDATE_ALIAS, alias(life, life.round().otherKeyId())))),
                  step(
                      "DeleteAlias",
                      (to, life) ->
                          done(
                              to.call(
                                  KmsModel.DELETE_ALIAS,
                                  named("AliasName", "alias/" + life.id()))))),
              1,
              SecretWrites::foundAlias));

  private SecretWrites() {}

  private static Wreckable parameter(String type) {
    return new Wreckable(
        type,
        List.of(
            step(
                "PutParameter",
                (to, life) ->
                    done(
                        to.call(
                            SsmModel.PUT_PARAMETER,
                            tagged("Name", "/" + life.id())
                                .with("Type", type)
                                .with("Value", "first value of " + life.id())))),
            step(
                "PutParameter",
                (to, life) ->
                    done(
                        to.call(
                            SsmModel.PUT_PARAMETER,
                            Json.parseObject("{\"Overwrite\":true}")
                                .with("Name", "/" + life.id())
                                .with("Type", type)
                                .with("Value", "second value of " + life.id())))),
            step(
                "DeleteParameter",
                (to, life) ->
                    done(to.call(SsmModel.DELETE_PARAMETER, named("Name", "/" + life.id()))))),
        1,
        SecretWrites::foundParameter);
  }

  private static JsonObject alias(Life life, String keyId) {
    return named("AliasName", "alias/" + life.id()).with("TargetKeyId", keyId);
  }

  private static int foundParameter(Seen from, Life life) throws IOException, InterruptedException {
    String name = "/" + life.id();
    Optional<JsonObject> found =
        from.client()
            .find(
                SsmModel.GET_PARAMETER,
                Json.parseObject("{\"WithDecryption\":true}").with("Name", name));
    if (!whole(found, "value of " + life.id())) {
      return gone(life);
    }
    JsonObject resource = named("ResourceType", "Parameter").with("ResourceId", name);
    same(true, whole(from.client().find(SsmModel.LIST_TAGS_FOR_RESOURCE, resource), TAG));
    String text = Json.text(found.orElseThrow());
    boolean second = text.contains("second value of");
    same(true, text.contains("\"Version\":" + (second ? 2 : 1)));
    return second ? 2 : 1;
  }

  private static int foundAlias(Seen from, Life life) throws IOException, InterruptedException {
    Optional<JsonObject> found =
        from.client().find(KmsModel.DESCRIBE_KEY, named("KeyId", "alias/" + life.id()));
    Life.Round round = life.round();
    boolean first = found.isPresent() && Json.text(found.get()).contains(round.keyId());
    if (found.isPresent() && !first) {
      whole(found, round.otherKeyId());
    }
    same(first, from.isAliasOf(round.keyId(), life));
    same(found.isPresent() && !first, from.isAliasOf(round.otherKeyId(), life));
    return found.isEmpty() ? gone(life) : first ? 1 : 2;
  }
}
