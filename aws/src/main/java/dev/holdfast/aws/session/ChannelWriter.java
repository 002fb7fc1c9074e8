// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.session;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes the messages of one end of a data channel, with its own sequence. Not thread-safe. */
public final class ChannelWriter {
  private final String type;
  private final InstantSource clock;
  private final RandomGenerator random;
  private long sequence;

  /**
   * The writer of one end.
   *
   * @param type {@link ChannelMessage#INPUT} of a client, {@link ChannelMessage#OUTPUT} of a host
   */
  public ChannelWriter(String type, InstantSource clock, RandomGenerator random) {
    this.type = type;
    this.clock = clock;
    this.random = random;
  }

  /** The next message of the stream. */
  public ChannelMessage data(int payloadType, byte[] payload) {
    long number = sequence++;
    return message(type, number, number == 0 ? 1 : 0, payloadType, payload);
  }

  /** The next message of the stream, in JSON. */
  public ChannelMessage data(int payloadType, JsonObject payload) {
    return data(payloadType, Json.bytes(payload));
  }

  /** Says that a message of the other end's stream has arrived. */
  public ChannelMessage acknowledge(ChannelMessage arrived) {
    JsonObject content =
        JsonObject.EMPTY
            .with("AcknowledgedMessageType", arrived.type())
            .with("AcknowledgedMessageId", arrived.id().toString())
            .with("AcknowledgedMessageSequenceNumber", arrived.sequence())
            .with("IsSequentialMessage", true);
    return message(ChannelMessage.ACKNOWLEDGE, 0, 3, 0, Json.bytes(content));
  }

  /** Says that the session is over. */
  public ChannelMessage closed(String sessionId, String why) {
    JsonObject content =
        JsonObject.EMPTY
            .with("MessageId", new UUID(random.nextLong(), random.nextLong()).toString())
            .with("CreatedDate", clock.instant().toString())
            .with("SessionId", sessionId)
            .with("MessageType", ChannelMessage.CLOSED)
            .with("SchemaVersion", 1)
            .with("Output", why);
    return message(
        ChannelMessage.CLOSED, 0, 2, 0, Json.text(content).getBytes(StandardCharsets.UTF_8));
  }

  private ChannelMessage message(
      String name, long number, long flags, int payloadType, byte[] payload) {
    return new ChannelMessage(
        name,
        clock.millis(),
        number,
        flags,
        new UUID(random.nextLong(), random.nextLong()),
        payloadType,
        payload);
  }
}
