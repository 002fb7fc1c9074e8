// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class UnixHttpClientTest {
  @TempDir Path folder;

  private interface Peer {
    void serve(SocketChannel channel) throws Exception;
  }

  private Path serve(Peer peer) throws IOException {
    Path socket = folder.resolve("s");
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual()
        .start(
            () -> {
              try (server) {
                while (true) {
                  SocketChannel channel = server.accept();
                  Thread.ofVirtual()
                      .start(
                          () -> {
                            try (channel) {
                              peer.serve(channel);
                            } catch (Exception _) {
                              // The client's side of the test sees what went wrong.
                            }
                          });
                }
              } catch (IOException _) {
                // The test is over.
              }
            });
    return socket;
  }

  private static void readHead(SocketChannel channel) throws IOException {
    var seen = new StringBuilder();
    var buffer = ByteBuffer.allocate(4096);
    while (seen.indexOf("\r\n\r\n") < 0 && channel.read(buffer) >= 0) {
      buffer.flip();
      seen.append(StandardCharsets.ISO_8859_1.decode(buffer));
      buffer.clear();
    }
  }

  private static void write(SocketChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static final UnixHttpClient.Request GET =
      UnixHttpClient.Request.of("GET", "/x?y=1", Duration.ofSeconds(5));

  @Test
  void streamsABodyThatHasNoEndAndDropsItOnClose() throws Exception {
    var dropped = new CountDownLatch(1);
    Path socket =
        serve(
            channel -> {
              readHead(channel);
              write(channel, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
              while (channel.read(ByteBuffer.allocate(16)) >= 0) {}
              dropped.countDown();
            });
    try (var client = new UnixHttpClient(socket, 1)) {
      try (var response = client.send(GET)) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().readNBytes(3)).asString().isEqualTo("one");
      }
      assertThat(dropped.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void usesOneConnectionAgainAndAgain() throws Exception {
    Path socket =
        serve(
            channel -> {
              for (int i = 0; ; i++) {
                readHead(channel);
                write(channel, "HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\n" + i);
              }
            });
    try (var client = new UnixHttpClient(socket, 1)) {
      for (int i = 0; i < 3; i++) {
        try (var response = client.send(GET)) {
          assertThat(response.bytes(10)).asString().isEqualTo(Integer.toString(i));
        }
      }
    }
  }

  @Test
  void reportsADaemonThatIsAbsentOrSilent() throws Exception {
    try (var client = new UnixHttpClient(folder.resolve("none"), 1)) {
      assertThatThrownBy(() -> client.send(GET)).isInstanceOf(IOException.class);
    }
    Path socket = serve(channel -> channel.read(ByteBuffer.allocate(1 << 16)));
    try (var client = new UnixHttpClient(socket, 1)) {
      var impatient = UnixHttpClient.Request.of("GET", "/", Duration.ofMillis(50));
      assertThatThrownBy(() -> client.send(impatient)).isInstanceOf(IOException.class);
    }
  }
}
