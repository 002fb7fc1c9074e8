// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static dev.holdfast.it.Wreckable.gone;
import static dev.holdfast.it.Wreckable.named;
import static dev.holdfast.it.Wreckable.same;
import static dev.holdfast.it.Wreckable.step;
import static dev.holdfast.it.Wreckable.whole;

import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Users, their groups, policies and keys. */
final class IdentityWrites {
  static final String TAG = "whole";

  static final List<Wreckable> ALL =
      List.of(
          new Wreckable(
              "user",
              List.of(
                  step("CreateUser", IdentityWrites::createUser),
                  step(
                      "AddUserToGroup",
                      (to, life) ->
                          done(
                              to.call(
                                  IamModel.ADD_USER_TO_GROUP,
                                  user(life).with("GroupName", life.round().group())))),
                  step(
                      "AttachUserPolicy",
                      (to, life) ->
                          done(
                              to.call(
                                  IamModel.ATTACH_USER_POLICY,
                                  user(life)
                                      .with("PolicyArn", to.policyArn(life.round().policy())))))),
              3,
              IdentityWrites::foundUser),
          new Wreckable(
              "policy",
              List.of(
                  step(
                      "CreatePolicy",
                      (to, life) ->
                          done(
                              to.call(
                                  IamModel.CREATE_POLICY,
                                  tagged("PolicyName", life.id())
                                      .with("PolicyDocument", Cargo.ALLOW)
                                      .with("Description", life.id())))),
                  step(
                      "DeletePolicy",
                      (to, life) ->
                          done(
                              to.call(
                                  IamModel.DELETE_POLICY,
                                  named("PolicyArn", to.policyArn(life.id())))))),
              1,
              IdentityWrites::foundPolicy),
          new Wreckable(
              "access key",
              List.of(
                  step("CreateUser", IdentityWrites::createUser),
                  step("CreateAccessKey", IdentityWrites::createKey),
                  step(
                      "UpdateAccessKey",
                      (to, life) ->
                          done(
                              to.call(
                                  IamModel.UPDATE_ACCESS_KEY,
                                  key(life).with("Status", "Inactive")))),
                  step(
                      "DeleteAccessKey",
                      (to, life) -> done(to.call(IamModel.DELETE_ACCESS_KEY, key(life)))),
                  step(
                      "DeleteUser", (to, life) -> done(to.call(IamModel.DELETE_USER, user(life))))),
              2,
              IdentityWrites::foundKey));

  private IdentityWrites() {}

  static String done(JsonObject answer) {
    return answer.members().isEmpty() ? "" : "done";
  }

  static JsonObject tagged(String member, String id) {
    return Json.parseObject(
        "{\"%s\":\"%s\",\"Tags\":[{\"Key\":\"kept\",\"Value\":\"whole\"}]}".formatted(member, id));
  }

  private static JsonObject user(Life life) {
    return named("UserName", life.id());
  }

  private static String createUser(Writing to, Life life) throws IOException, InterruptedException {
    return done(to.call(IamModel.CREATE_USER, tagged("UserName", life.id())));
  }

  /** Keeps the key and its secret. */
  private static String createKey(Writing to, Life life) throws IOException, InterruptedException {
    JsonObject key = to.call(IamModel.CREATE_ACCESS_KEY, user(life)).object("AccessKey");
    return Harbor.text(key, "AccessKeyId") + " " + Harbor.text(key, "SecretAccessKey");
  }

  private static JsonObject key(Life life) {
    return user(life).with("AccessKeyId", words(life)[0]);
  }

  private static String[] words(Life life) {
    return life.answer(1).split(" ", -1);
  }

  private static boolean hasUser(Seen from, Life life) throws IOException, InterruptedException {
    return whole(from.client().find(IamModel.GET_USER, user(life)), life.id(), TAG);
  }

  private static int foundUser(Seen from, Life life) throws IOException, InterruptedException {
    if (!hasUser(from, life)) {
      return 0;
    }
    boolean member =
        Json.text(from.client().call(IamModel.LIST_GROUPS_FOR_USER, user(life)))
            .contains("\"" + life.round().group() + "\"");
    same(member, from.isMember(life));
    boolean holder =
        Json.text(from.client().call(IamModel.LIST_ATTACHED_USER_POLICIES, user(life)))
            .contains("\"" + life.round().policy() + "\"");
    same(holder, from.isHolder(life));
    if (holder && !member) {
      throw new AssertionError("the last of three steps is there without the second");
    }
    return holder ? 3 : member ? 2 : 1;
  }

  private static int foundPolicy(Seen from, Life life) throws IOException, InterruptedException {
    JsonObject arn = named("PolicyArn", from.client().policyArn(life.id()));
    if (!whole(from.client().find(IamModel.GET_POLICY, arn), life.id(), TAG)) {
      return gone(life);
    }
    Optional<JsonObject> version =
        from.client().find(IamModel.GET_POLICY_VERSION, arn.with("VersionId", "v1"));
    same(true, whole(version, "GetCallerIdentity"));
    return 1;
  }

  private static int foundKey(Seen from, Life life) throws IOException, InterruptedException {
    if (!hasUser(from, life)) {
      refused(from, life);
      return gone(life);
    }
    String keys = Json.text(from.client().call(IamModel.LIST_ACCESS_KEYS, user(life)));
    if (!keys.contains("AccessKeyId")) {
      refused(from, life);
      return life.acknowledged() < 2 ? 1 : 4;
    }
    if (keys.contains("\"Inactive\"")) {
      refused(from, life);
      return 3;
    }
    if (!life.answer(1).isEmpty()) {
      same(true, works(from, life));
    }
    return 2;
  }

  /** A key that was deactivated or deleted opens nothing. */
  private static void refused(Seen from, Life life) throws IOException, InterruptedException {
    if (!life.answer(1).isEmpty()) {
      same(false, works(from, life));
    }
  }

  private static boolean works(Seen from, Life life) throws IOException, InterruptedException {
    String[] words = words(life);
    return from.client().admits(new Credentials(words[0], words[1], null));
  }
}
