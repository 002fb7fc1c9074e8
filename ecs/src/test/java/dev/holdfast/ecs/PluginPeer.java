// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import dev.holdfast.aws.session.ChannelMessage;
import dev.holdfast.aws.session.ChannelWriter;
import dev.holdfast.kit.Json;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of a data channel, as the Session Manager plugin is one. */
final class PluginPeer implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  final ChannelWriter writer =
      new ChannelWriter(ChannelMessage.INPUT, InstantSource.system(), new Random(1));
  private final LinkedBlockingQueue<ChannelMessage> heard = new LinkedBlockingQueue<>();

  /** The sequence numbers of what was acknowledged. */
  final BlockingQueue<Long> taken = new LinkedBlockingQueue<>();

  private final CountDownLatch closed = new CountDownLatch(1);
  private final WebSocket socket;

  PluginPeer(int port, String session) {
    var bytes = new ByteArrayOutputStream();
    socket =
        CLIENT
            .newWebSocketBuilder()
            .buildAsync(
                URI.create("ws://127.0.0.1:" + port + "/v1/data-channel/" + session + "?role=x"),
                new WebSocket.Listener() {
                  @Override
                  public @Nullable CompletionStage<?> onClose(WebSocket s, int code, String why) {
                    closed.countDown();
                    return null;
                  }

                  @Override
                  public void onError(WebSocket s, Throwable error) {
                    closed.countDown();
                  }

                  @Override
                  public @Nullable CompletionStage<?> onBinary(
                      WebSocket s, ByteBuffer data, boolean last) {
                    byte[] piece = new byte[data.remaining()];
                    data.get(piece);
                    bytes.writeBytes(piece);
                    if (last) {
                      hear(ChannelMessage.read(bytes.toByteArray()).orElseThrow());
                      bytes.reset();
                    }
                    s.request(1);
                    return null;
                  }
                })
            .join();
  }

  private void hear(ChannelMessage message) {
    if (message.type().equals(ChannelMessage.ACKNOWLEDGE)) {
      taken.add(
          Objects.requireNonNull(
              Json.parseObject(message.text()).integer("AcknowledgedMessageSequenceNumber")));
    } else {
      heard.add(message);
    }
  }

  /** Waits for an acknowledgement. */
  void awaitTaken(long sequence) throws InterruptedException {
    for (Long next = taken.poll(10, TimeUnit.SECONDS);
        next != null;
        next = taken.poll(10, TimeUnit.SECONDS)) {
      if (next == sequence) {
        return;
      }
    }
    throw new AssertionError("nobody acknowledged " + sequence);
  }

  void show(String token) {
    socket
        .sendText("{\"MessageSchemaVersion\":\"1.0\",\"TokenValue\":\"" + token + "\"}", true)
        .join();
  }

  void send(ChannelMessage message) {
    socket.sendBinary(ByteBuffer.wrap(message.bytes()), true).join();
  }

  void type(String text) {
    send(writer.data(ChannelMessage.DATA, text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The next message of the host's stream; it and those before it are acknowledged. */
  ChannelMessage next(int payloadType) throws InterruptedException {
    return next(m -> m.type().equals(ChannelMessage.OUTPUT) && m.payloadType() == payloadType);
  }

  ChannelMessage next(Predicate<ChannelMessage> wanted) throws InterruptedException {
    ChannelMessage message = heard();
    while (!wanted.test(message)) {
      acknowledge(message);
      message = heard();
    }
    acknowledge(message);
    return message;
  }

  /** The next message but an acknowledgement, which is not acknowledged itself. */
  ChannelMessage heard() throws InterruptedException {
    ChannelMessage message = heard.poll(10, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("no such message came");
    }
    return message;
  }

  /** Says that a message of the host's stream has arrived. */
  void acknowledge(ChannelMessage message) {
    if (message.type().equals(ChannelMessage.OUTPUT)) {
      send(writer.acknowledge(message));
    }
  }

  /** Answers the handshake, up to its end. */
  void shake() throws InterruptedException {
    next(ChannelMessage.HANDSHAKE_REQUEST);
    send(writer.data(ChannelMessage.HANDSHAKE_RESPONSE, "{}".getBytes(StandardCharsets.UTF_8)));
    next(ChannelMessage.HANDSHAKE_COMPLETE);
  }

  void awaitClosed() throws InterruptedException {
    if (!closed.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError("the channel is still open");
    }
  }

  @Override
  public void close() {
    socket.abort();
  }
}
