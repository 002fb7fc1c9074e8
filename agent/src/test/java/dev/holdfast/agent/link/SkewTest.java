// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.task.TaskReport;
import dev.holdfast.agent.task.TaskState;
import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.HeartbeatMessage;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.client.ServerClock;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.HttpServer;
import dev.holdfast.http.WebSocketConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An agent whose machine has another time than its platform. */
@Timeout(120)
final class SkewTest {
  private static final DateTimeFormatter BASIC =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final TaskReport REPORT =
      new TaskReport(
          "arn:aws:ecs:us-east-1:111122223333:task/demo/a",
          "arn:aws:ecs:us-east-1:111122223333:cluster/demo",
          TaskState.Status.RUNNING,
          "",
          List.of(),
          null,
          null,
          null);

  private final InstantSource machine =
      () -> InstantSource.system().instant().minus(Duration.ofHours(3));
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger expired = new AtomicInteger();
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile String because = "";
  private HttpServer server;
  private URI url;

  @SuppressWarnings("NullAway.Init")
  SkewTest() {}

  @BeforeEach
  void serve() throws IOException {
    server =
        HttpServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), SkewTest.this::handle);
    url = URI.create("http://127.0.0.1:" + server.address().getPort());
  }

  @AfterEach
  void close() {
    http.shutdownNow();
    server.close();
  }

  private void handle(Exchange exchange) throws IOException {
    Instant now = InstantSource.system().instant();
    Instant at = BASIC.parse(String.valueOf(exchange.header("x-amz-date")), Instant::from);
    String refusal =
        at.isBefore(now.minus(Duration.ofMinutes(5)))
            ? "Signature expired: " + BASIC.format(at) + " is now earlier than it may be"
            : because;
    if (!refusal.isEmpty()) {
      refused.incrementAndGet();
      exchange.respond(
          403,
          List.of(),
          ("{\"__type\":\"" + refusal.split(":", 2)[0] + "\",\"message\":\"" + refusal + "\"}")
              .getBytes(StandardCharsets.UTF_8));
    } else if (exchange.rawPath().startsWith("/acs/")) {
      exchange.upgrade(Duration.ofMinutes(1), SkewTest::beat);
    } else {
      exchange.respond(200, List.of(), "{}".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void beat(WebSocketConnection socket) {
    try {
      socket.send(AgentFrame.text(new HeartbeatMessage("beat", true)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HostIdentity identity(boolean known) {
    var identity =
        new HostIdentity(new ServerClock(machine, known), () -> expired.incrementAndGet());
    identity.renew(new Credentials("AKIA", "secret", null));
    return identity;
  }

  private PlatformCalls calls(HostIdentity identity) {
    var client = new AwsClient(http, url, "us-east-1", identity::credentials, identity.clock());
    return new PlatformCalls(client, identity, "us-east-1", _ -> {});
  }

  private PlatformSocket socket(HostIdentity identity) throws IOException {
    return PlatformSocket.connect(http, URI.create(url + "/acs/host?a=b"), identity, "us-east-1");
  }

  @Test
  void reportsByTheTimeOfAPlatformThatRefusesItsOwn() throws IOException {
    HostIdentity identity = identity(true);
    calls(identity).submit(REPORT);
    assertThat(refused).hasValue(1);
    calls(identity).submit(REPORT);
    assertThat(refused).as("it has learnt").hasValue(1);
  }

  @Test
  void opensItsStreamAtTheSecondAttempt() throws IOException {
    HostIdentity identity = identity(true);
    assertThatThrownBy(() -> socket(identity)).hasMessageContaining("Signature expired");
    try (PlatformSocket open = socket(identity)) {
      assertThat(open.receive(Duration.ofSeconds(60))).isInstanceOf(HeartbeatMessage.class);
    }
  }

  @Test
  void keepsItsOwnTimeWhereAnybodyMayAnswer() {
    HostIdentity identity = identity(false);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> socket(identity)).hasMessageContaining("Signature expired");
      assertThatThrownBy(() -> calls(identity).submit(REPORT)).hasMessageContaining("expired");
    }
  }

  @Test
  void asksForASessionWhereThePlatformSaysThatItsOwnHasEnded() {
    HostIdentity identity = identity(true);
    assertThatThrownBy(() -> socket(identity)).isNotNull();
    because = "ExpiredTokenException: the security token included in the request is expired";
    assertThatThrownBy(() -> socket(identity)).hasMessageContaining("ExpiredToken");
    assertThat(expired).hasValue(1);
    assertThatThrownBy(() -> calls(identity).submit(REPORT)).hasMessageContaining("ExpiredToken");
    assertThat(expired).hasValue(2);
  }
}
