// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static dev.holdfast.it.IdentityWrites.done;
import static dev.holdfast.it.Wreckable.gone;
import static dev.holdfast.it.Wreckable.named;
import static dev.holdfast.it.Wreckable.step;
import static dev.holdfast.it.Wreckable.whole;

import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Log groups with a stream, and events that are put into it. */
final class LogWrites {
  static final List<Wreckable> ALL =
      List.of(
          new Wreckable(
              "log group",
              List.of(
                  step(
                      "CreateLogGroup",
                      (to, life) -> done(to.call(LogsModel.CREATE_LOG_GROUP, group(life)))),
                  step(
                      "CreateLogStream",
                      (to, life) -> done(to.call(LogsModel.CREATE_LOG_STREAM, stream(life)))),
                  step("", (to, life) -> put(to, life, "first", "second")),
                  step("", (to, life) -> put(to, life, "third", "fourth")),
                  step(
                      "DeleteLogGroup",
                      (to, life) -> done(to.call(LogsModel.DELETE_LOG_GROUP, group(life))))),
              1,
              LogWrites::found));

  private LogWrites() {}

  private static JsonObject group(Life life) {
    return named("logGroupName", "/" + life.id());
  }

  private static JsonObject stream(Life life) {
    return group(life).with("logStreamName", "stream");
  }

  private static String put(Writing to, Life life, String... events)
      throws IOException, InterruptedException {
    var batch = new ArrayList<JsonValue>();
    long time = to.clock().instant().toEpochMilli();
    for (String event : events) {
      batch.add(
          JsonObject.EMPTY.with("timestamp", time).with("message", event + " of " + life.id()));
    }
    return done(
        to.call(LogsModel.PUT_LOG_EVENTS, stream(life).with("logEvents", new JsonArray(batch))));
  }

  private static int found(Seen from, Life life) throws IOException, InterruptedException {
    Optional<JsonObject> streams = from.client().find(LogsModel.DESCRIBE_LOG_STREAMS, group(life));
    if (streams.isEmpty()) {
      return gone(life);
    }
    if (streams.get().array("logStreams").isEmpty()) {
      return 1;
    }
    Optional<JsonObject> events = from.client().find(LogsModel.FILTER_LOG_EVENTS, group(life));
    String text = events.map(Json::text).orElse("");
    if (text.contains("third of ")) {
      whole(events, "first of " + life.id(), "second of ", "third of ", "fourth of " + life.id());
      return 4;
    }
    return text.contains("first of ") && whole(events, "second of " + life.id()) ? 3 : 2;
  }
}
