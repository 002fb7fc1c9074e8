// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static dev.holdfast.it.IdentityWrites.TAG;
import static dev.holdfast.it.IdentityWrites.done;
import static dev.holdfast.it.Wreckable.gone;
import static dev.holdfast.it.Wreckable.named;
import static dev.holdfast.it.Wreckable.same;
import static dev.holdfast.it.Wreckable.step;
import static dev.holdfast.it.Wreckable.whole;

import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Services that want no task, made under a client token. */
final class ServiceWrites {
  static final List<Wreckable> ALL =
      List.of(
          new Wreckable(
              "service",
              List.of(
                  step("CreateService", ServiceWrites::create),
                  step(
                      "DeleteService",
                      (to, life) ->
                          done(
                              to.call(
                                  EcsModel.DELETE_SERVICE,
                                  named("cluster", TaskWrites.HARBOR)
                                      .with("service", life.id()))))),
              1,
              ServiceWrites::found));

  private ServiceWrites() {}

  static boolean isService(Wreckable kind) {
    return kind.name().equals("service");
  }

  private static JsonObject made(Writing to, Life life) throws IOException, InterruptedException {
    JsonObject wanted =
        Json.parseObject(
            """
            {"cluster":"%s","serviceName":"%s","taskDefinition":"%s","desiredCount":0,"clientToken":"%s",
             "tags":[{"key":"kept","value":"whole"}]}"""
                .formatted(TaskWrites.HARBOR, life.id(), TaskWrites.FAMILY, life.id()));
    return TaskWrites.lasting(to.call(EcsModel.CREATE_SERVICE, wanted).object("service"));
  }

  /** Keeps the answer whole. */
  private static String create(Writing to, Life life) throws IOException, InterruptedException {
    life.keep(Json.text(made(to, life)));
    return "";
  }

  private static int found(Seen from, Life life) throws IOException, InterruptedException {
    String text =
        Json.text(
            from.client()
                .call(
                    EcsModel.DESCRIBE_SERVICES,
                    Json.parseObject(
                        "{\"cluster\":\"%s\",\"services\":[\"%s\"],\"include\":[\"TAGS\"]}"
                            .formatted(TaskWrites.HARBOR, life.id()))));
    if (text.contains("\"MISSING\"")) {
      return gone(life);
    }
    if (text.contains("\"status\":\"INACTIVE\"") || text.contains("\"status\":\"DRAINING\"")) {
      return 2;
    }
    whole(Optional.of(Json.parseObject(text)), "\"ACTIVE\"", TAG);
    return 1;
  }

  /** The same request under the same token again is answered as before. */
  static void sameAnswer(Seen from, Life life) throws IOException, InterruptedException {
    JsonObject again = made(from.client(), life);
    same(life.id(), Harbor.text(again, "serviceName"));
    if (!life.kept().isEmpty()) {
      same(life.kept(), Json.text(again));
    }
  }
}
