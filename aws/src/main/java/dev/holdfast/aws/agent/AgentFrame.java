// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.kit.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of one websocket message: {@code {"type":"Name","message":{...}}}, the same in both
 * directions of ACS and from the platform on TACS.
 */
public final class AgentFrame {
  private static final Map<String, RecordCodec<? extends AgentMessage>> CODECS = codecs();

  private AgentFrame() {}

  /** The frame of a message. */
  public static String text(AgentMessage message) {
    var members = new LinkedHashMap<String, dev.holdfast.kit.JsonValue>();
    members.put("type", new JsonString(message.type()));
    members.put("message", write(message));
    return Json.text(new JsonObject(members));
  }

  /**
   * The message of a frame, or null where its type is unknown: both sides ignore those.
   *
   * @throws Json.MalformedJson where the text is no frame or lacks a required member
   */
  public static @Nullable AgentMessage read(String frame) {
    JsonObject object = Json.parseObject(frame.getBytes(StandardCharsets.UTF_8));
    String type = object.string("type");
    RecordCodec<? extends AgentMessage> codec = type == null ? null : CODECS.get(type);
    return codec == null ? null : codec.read(object.object("message"));
  }

  @SuppressWarnings("unchecked")
  private static dev.holdfast.kit.JsonValue write(AgentMessage message) {
    return RecordCodec.of((Class<AgentMessage>) message.getClass()).tree(message);
  }

  private static Map<String, RecordCodec<? extends AgentMessage>> codecs() {
    var codecs = new HashMap<String, RecordCodec<? extends AgentMessage>>();
    collect(AgentMessage.class, codecs);
    return Map.copyOf(codecs);
  }

  private static void collect(
      Class<?> type, Map<String, RecordCodec<? extends AgentMessage>> codecs) {
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      if (permitted.isRecord()) {
        codecs.put(
            permitted.getSimpleName(), RecordCodec.of(permitted.asSubclass(AgentMessage.class)));
      } else {
        collect(permitted, codecs);
      }
    }
  }
}
