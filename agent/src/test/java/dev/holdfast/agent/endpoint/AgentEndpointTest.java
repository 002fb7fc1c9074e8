// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.agent.host.TaskNetwork;
import dev.holdfast.agent.task.TaskCredentials;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.http.HttpServer;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two tasks at listeners of their own; addresses of 127/8 stand for those of their networks. */
@Timeout(60)
class AgentEndpointTest {
  private static final String SCOPE = "AKIA0/20261126/us-east-1/ecs/aws4_request";
  private static final String SIGNED =
      "X-Amz-Date: 20261126T120000Z\r\nAuthorization: AWS4-HMAC-SHA256 Credential="
          + SCOPE
          + ", SignedHeaders=host;x-amz-date, Signature="
          + "0".repeat(64)
          + "\r\n";
  private static final String PRESIGNED =
      "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
          + SCOPE.replace("/", "%2F")
          + "&X-Amz-Date=20261126T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature="
          + "0".repeat(64);
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: ([0-9]+)");
  private static final TaskNetwork ONE = network("arn:one", 1);
  private static final TaskNetwork TWO = network("arn:two", 2);
  private static final String INSIDE_ONE = "127.0.1.2";
  private static final String INSIDE_TWO = "127.0.2.2";

  @TempDir Path folder;
  private final TaskCredentials credentials = new TaskCredentials();
  private final AtomicInteger forwarded = new AtomicInteger();
  private final AtomicReference<String> remote = new AtomicReference<>("");
  private HttpServer platform;
  private HttpServer engine;
  private DockerEngine docker;
  private AgentEndpoint endpoint;
  private int port;

  @SuppressWarnings("NullAway.Init")
  AgentEndpointTest() {}

  private static TaskNetwork network(String task, int number) {
    return new TaskNetwork(
        "n" + number,
        "net" + number,
        task,
        "hf" + number,
        "127.0." + number + ".0/28",
        "127.0." + number + ".1");
  }

  private static RoleCredentials role(String id) {
    return new RoleCredentials(id, "arn:role", "ASIA" + id, "secret", "token", null);
  }

  @BeforeEach
  void open() throws IOException {
    platform =
        HttpServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            exchange -> {
              forwarded.incrementAndGet();
              remote.set(String.valueOf(exchange.remote()));
              exchange.respond(200, List.of(), exchange.body().readAllBytes());
            });
    Path socket = folder.resolve("engine.sock");
    byte[] about = "{\"Version\":\"1\",\"ApiVersion\":\"1.47\"}".getBytes(StandardCharsets.UTF_8);
    engine = HttpServer.start(socket, exchange -> exchange.respond(200, List.of(), about));
    docker = DockerEngine.open(socket);
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    URI url = URI.create("http://127.0.0.1:" + platform.address().getPort());
    endpoint =
        new AgentEndpoint(
            port,
            credentials,
            docker.containers(),
            new PlatformForward(url, PlatformForward.clientOfTasks(url, null)),
            new AgentEndpoint.AsTask(
                (_, _, _, _) -> new TaskProtection.Answer(200, JsonObject.EMPTY),
                (_, _) -> JsonObject.EMPTY.with("TaskTags", JsonObject.EMPTY.with("team", "a"))),
            "zone",
            _ -> null);
    endpoint.open(ONE);
    endpoint.open(TWO);
    assertThat(credentials.renew("arn:one", "TaskApplication", role("id-one"))).isTrue();
    assertThat(credentials.renew("arn:two", "TaskApplication", role("id-two"))).isTrue();
    assertThat(credentials.renew("arn:one", "TaskExecution", role("id-execution"))).isTrue();
  }

  @AfterEach
  void close() {
    endpoint.close(ONE);
    endpoint.close(TWO);
    docker.close();
    engine.close();
    platform.close();
  }

  private Socket connect(String from, TaskNetwork to) throws IOException {
    return new Socket(InetAddress.getByName(to.gateway()), port, InetAddress.getByName(from), 0);
  }

  private String ask(String from, TaskNetwork to, String request) throws IOException {
    try (Socket socket = connect(from, to)) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write((request + "Connection: close\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      return answer(socket.getInputStream());
    }
  }

  /** One answer, whether the connection ends after it or not. */
  private static String answer(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        return head.toString();
      }
      head.append((char) c);
    }
    Matcher length = LENGTH.matcher(head);
    int left = length.find() ? Integer.parseInt(length.group(1)) : 0;
    return head + new String(in.readNBytes(left), StandardCharsets.UTF_8);
  }

  private String get(String from, TaskNetwork to, String path) throws IOException {
    return ask(from, to, "GET " + path + " HTTP/1.1\r\nHost: 169.254.170.2\r\n");
  }

  @Test
  void givesATaskItsOwnCredentialsAndNoOthers() throws Exception {
    assertThat(get(INSIDE_ONE, ONE, "/v2/credentials/id-one")).contains("200", "ASIAid-one");
    assertThat(get(INSIDE_ONE, ONE, "/v1/credentials?id=id-one")).contains("200", "ASIAid-one");
    assertThat(get(INSIDE_TWO, TWO, "/v2/credentials/id-two")).contains("ASIAid-two");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/credentials/id-two",
        "/v2/credentials/id-execution",
        "/v2/credentials/",
        "/v2/credentials/id-on",
        "/v2/credentials/id-one/",
        "/v2/credentials/../id-one",
        "/v2/credentials/ID-ONE",
        "/v1/credentials",
        "/v1/credentials?id=",
        "/v1/credentials?id=id-two",
        "/v1/credentials?x=1&id=id-one",
        "/v2/credentials/%00id-one"
      })
  void knowsNoOtherId(String path) throws Exception {
    String answer = get(INSIDE_ONE, ONE, path);
    assertThat(answer).doesNotContain("AccessKeyId", "SecretAccessKey", "ASIA");
    assertThat(answer.substring(9, 12)).isIn("400", "403", "404");
  }

  @Test
  void answersTheContainersOfTheTaskAlone() throws Exception {
    // Another task's container, the host by the gateway's own address, a stranger.
    for (String from : List.of(INSIDE_TWO, ONE.gateway(), "127.0.0.1", "127.0.1.17")) {
      String own = "GET /v2/credentials/id-one HTTP/1.1\r\nHost: 169.254.170.2\r\n";
      for (String header :
          List.of(
              "",
              "X-Forwarded-For: " + INSIDE_ONE + "\r\n",
              "Forwarded: for=" + INSIDE_ONE + "\r\n",
              "X-Real-IP: " + INSIDE_ONE + "\r\n")) {
        assertThat(ask(from, ONE, own + header)).as(from).contains(" 403 ", "Forbidden");
      }
      assertThat(ask(from, ONE, "POST / HTTP/1.1\r\nHost: x\r\n" + SIGNED)).contains(" 403 ");
    }
    assertThat(forwarded).hasValue(0);
    assertThat(get("127.0.1.14", ONE, "/v2/credentials/id-one")).contains("ASIAid-one");
  }

  @Test
  void boundsWhatATaskMayAskAndNoOtherTasksShare() throws Exception {
    int refused = 0;
    for (int i = 0; i < 200; i++) {
      String answer = get(INSIDE_ONE, ONE, "/v2/credentials/guess-" + i);
      refused += answer.contains(" 429 ") ? 1 : 0;
    }
    assertThat(refused).isBetween(1, 140);
    assertThat(get(INSIDE_TWO, TWO, "/v2/credentials/id-two")).contains("ASIAid-two");
  }

  @Test
  void takesSignedCallsToTheApiFurtherAndNothingElse() throws Exception {
    String host = " HTTP/1.1\r\nHost: 169.254.170.2\r\n";
    assertThat(ask(INSIDE_ONE, ONE, "POST /" + host + SIGNED + "Content-Length: 0\r\n"))
        .contains(" 200 ");
    assertThat(remote.get()).as("not the address of the machine's users").contains("127.0.0.2:");
    assertThat(ask(INSIDE_ONE, ONE, "GET /" + PRESIGNED + host)).contains(" 200 ");
    assertThat(forwarded).hasValue(2);

    for (String path :
        List.of(
            "/acs/ws", "/acs/host", "/tacs/ws", "/v2/", "/v2/a/manifests/1", "/_holdfast/health")) {
      assertThat(ask(INSIDE_ONE, ONE, "GET " + path + host + SIGNED)).as(path).contains(" 404 ");
      assertThat(ask(INSIDE_ONE, ONE, "GET " + path + PRESIGNED + host)).as(path).contains(" 404 ");
      assertThat(ask(INSIDE_ONE, ONE, "GET " + path + "?X-Amz-Signature=1" + host))
          .as(path)
          .contains(" 403 ");
    }
    assertThat(ask(INSIDE_ONE, ONE, "GET /" + host)).contains(" 403 ");
    assertThat(ask(INSIDE_ONE, ONE, "GET /" + host + "Authorization: Basic eA==\r\n"))
        .contains(" 403 ");
    assertThat(ask(INSIDE_ONE, ONE, "GET http://example.com/" + host)).contains(" 403 ");
    assertThat(ask(INSIDE_ONE, ONE, "BAD\u0001 /" + host + SIGNED)).doesNotContain(" 200 ");
    assertThat(forwarded).hasValue(2);
  }

  /** Each was taken further, or is what the platform's reader calls no signature. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/?X-Amz-Signature=1",
        "/?aX-Amz-Signature=1",
        "/?x=X-Amz-Signature=1",
        "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=1",
        "/?X-Amz-Signature=",
        "/#X-Amz-Signature=1"
      })
  void takesNothingFurtherThatOnlyNamesASignature(String target) throws Exception {
    String register =
        "POST "
            + target
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n"
            + "X-Amz-Target: AmazonSSM.RegisterManagedInstance\r\nConnection: close\r\n\r\n{}";
    for (String more :
        List.of(
            "",
            "Authorization: AWS4-HMAC-SHA256 \r\n",
            "Authorization: AWS4-HMAC-SHA256 Credential=x\r\n",
            SIGNED.replace("X-Amz-Date", "X-Other"),
            SIGNED + SIGNED)) {
      try (Socket socket = connect(INSIDE_ONE, ONE)) {
        socket
            .getOutputStream()
            .write(register.replace("Host:", more + "Host:").getBytes(StandardCharsets.UTF_8));
        assertThat(answer(socket.getInputStream())).as(more).doesNotContain(" 200 ");
      }
    }
    assertThat(forwarded).hasValue(0);
  }

  @Test
  void holdsBoundedBodiesAndLetsSmallCallsPassMeanwhile() throws Exception {
    String large =
        "POST / HTTP/1.1\r\nHost: 169.254.170.2\r\n" + SIGNED + "Content-Length: 2097152\r\n\r\n";
    String small = "POST / HTTP/1.1\r\nHost: 169.254.170.2\r\n" + SIGNED + "Content-Length: 0\r\n";
    var open = new ArrayList<Socket>();
    try {
      // Four fit in a task's eight megabytes; none ever sends what it announces.
      for (int i = 0; i < 5; i++) {
        Socket socket = connect(INSIDE_ONE, ONE);
        open.add(socket);
        socket.getOutputStream().write(large.getBytes(StandardCharsets.UTF_8));
      }
      assertThat(answers(open, "SlowDown")).containsOnlyOnce(" 503 ");
      assertThat(ask(INSIDE_ONE, ONE, small)).contains(" 200 ");
      assertThat(ask(INSIDE_TWO, TWO, small)).contains(" 200 ");
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
    assertThat(
            ask(
                INSIDE_ONE,
                ONE,
                "POST / HTTP/1.1\r\nHost: x\r\n" + SIGNED + "Content-Length: 2097153\r\n"))
        .contains(" 413 ");
  }

  /** What comes, within ten seconds, on any of some connections until a text is in it. */
  private static String answers(List<Socket> sockets, String text) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    var seen = new StringBuilder();
    while (seen.indexOf(text) < 0 && System.nanoTime() < end) {
      for (Socket socket : sockets) {
        InputStream in = socket.getInputStream();
        seen.append(new String(in.readNBytes(in.available()), StandardCharsets.UTF_8));
      }
      LockSupport.parkNanos(10_000_000);
    }
    return seen.toString();
  }

  @Test
  void passesLargeAnswersOnWhole() throws Exception {
    String body = "x".repeat(700_000);
    try (Socket socket = connect(INSIDE_ONE, ONE)) {
      socket
          .getOutputStream()
          .write(
              ("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                      + SIGNED
                      + "Content-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n" + body);
    }
  }
}
