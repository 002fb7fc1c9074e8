// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.it.Draft.Pen;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agents' websockets: opened to who signed for that stream and is bound to that instance. */
class StreamDoorTest {
  private static Harbor harbor;
  private static String instance;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    instance = register(harbor.home().administrator());
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static String register(Credentials by) {
    JsonObject _ =
        harbor.call(by, "us-east-1", "ecs:CreateCluster", "{\"clusterName\":\"default\"}");
    return Harbor.text(
        harbor
            .call(
                by,
                "us-east-1",
                "ecs:RegisterContainerInstance",
                """
                {"cluster":"default","totalResources":[{"name":"CPU","type":"INTEGER","integerValue":1024},{"name":"MEMORY","type":"INTEGER","integerValue":1024}],
                 "versionInfo":{"agentVersion":"1.0.0"}}""")
            .object("containerInstance"),
        "containerInstanceArn");
  }

  private Draft stream;

  @BeforeEach
  void draft() {
    stream =
        new Draft(
            "GET",
            "/acs/ws",
            "agentVersion=1.0.0&containerInstanceArn=" + Draft.escaped(instance),
            List.of(
                new Draft.Field("Host", harbor.platform().url().getAuthority()),
                new Draft.Field("Connection", "Upgrade"),
                new Draft.Field("Upgrade", "websocket"),
                new Draft.Field("Sec-WebSocket-Version", "13"),
                new Draft.Field("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")),
            "");
  }

  private static Pen pen() {
    return pen(harbor.home().administrator());
  }

  private static Pen pen(Credentials keys) {
    return Pen.at(InstantSource.system().instant(), keys, "us-east-1", "ecs");
  }

  /** What an agent signs: the host alone, beside what SDKs add. */
  private static Draft signed(Draft draft, Pen pen) {
    Draft dated = draft.and("X-Amz-Date", pen.date());
    var names = new TreeSet<>(List.of("host", "x-amz-date"));
    return dated.signed(pen, names, Draft.sha256(Draft.utf8(dated.body())));
  }

  /** The head of the answer, and what follows at once. */
  private static String send(Draft draft) {
    try (var socket =
        new Socket(harbor.platform().url().getHost(), harbor.platform().url().getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(draft.bytes());
      socket.getOutputStream().flush();
      byte[] some = new byte[16 * 1024];
      int length = 0;
      while (length < some.length) {
        int read = socket.getInputStream().read(some, length, some.length - length);
        if (read < 0) {
          break;
        }
        length += read;
        String text = new String(some, 0, length, StandardCharsets.ISO_8859_1);
        if (text.startsWith("HTTP/1.1 101") && text.contains("\r\n\r\n")) {
          return text;
        }
        int end = text.indexOf("\r\n\r\n");
        int at = text.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
        if (end >= 0 && at >= 0) {
          String digits = text.substring(at + 16, text.indexOf('\r', at));
          if (length >= end + 4 + Integer.parseInt(digits)) {
            return text;
          }
        }
      }
      return new String(some, 0, length, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The stream that was opened before may not have ended yet. */
  private static void opened(Draft draft) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    String answer = send(draft);
    while (answer.contains("open already") && System.nanoTime() < deadline) {
      answer = send(draft);
    }
    assertThat(answer).startsWith("HTTP/1.1 101 ");
  }

  private static void refused(String code, Draft draft) {
    assertThat(send(draft)).matches("(?s)HTTP/1\\.1 (400|403) .*").contains(code);
  }

  @Test
  void opensToItsOwnAgent() {
    opened(signed(stream, pen()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/acs/ws", "/acs/host", "/acs/", "/acs/x", "/tacs/ws", "/tacs/", "/tacs/x"})
  void opensToNobodyUnsigned(String path) {
    refused("MissingAuthenticationTokenException", stream.path(path));
    Credentials wrong =
        new Credentials(harbor.home().administrator().accessKeyId(), "w".repeat(40), null);
    refused("InvalidSignatureException", signed(stream.path(path), pen(wrong)));
    refused("InvalidSignatureException", signed(stream.path(path), pen().service("sts")));
    refused("InvalidSignatureException", signed(stream.path(path), pen()).query("a=b"));
  }

  @Test
  void opensForWhatWasSigned() {
    Draft signed = signed(stream, pen());
    refused("InvalidSignatureException", signed.path("/acs/host"));
    refused("InvalidSignatureException", signed.path("/tacs/ws"));
    refused(
        "InvalidSignatureException",
        signed.query(signed.query().replace("agentVersion=1.0.0", "agentVersion=1.0.1")));
    refused("InvalidSignatureException", signed.query(signed.query() + "&sendCredentials=true"));
    opened(signed);
  }

  /** The canonical path leaves out what a route would go by: it is refused before both. */
  @ParameterizedTest
  @ValueSource(strings = {"/acs/./ws", "/acs//ws", "/acs/host/../ws", "/./acs/ws", "/acs/ws#x"})
  void opensUnderItsOneName(String path) {
    assertThat(send(signed(stream, pen()).path(path))).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void takesNoBody() {
    Draft signed = signed(stream, pen());
    refused("InvalidSignatureException", signed.body("x"));
    refused(
        "InvalidSignatureException", signed.and("Transfer-Encoding", "chunked").body("0\r\n\r\n"));
    opened(signed);
  }

  @Test
  void anotherAccountsInstanceIsAsGoodAsNone() {
    Credentials foreign = harbor.foreign().administrator();
    String missing =
        instance.substring(0, instance.length() - 1) + (instance.endsWith("0") ? "1" : "0");
    String there = send(signed(stream, pen(foreign)));
    String gone =
        send(
            signed(
                stream.query("agentVersion=1.0.0&containerInstanceArn=" + Draft.escaped(missing)),
                pen(foreign)));
    assertThat(said(there)).isEqualTo(said(gone)).contains("AccessDenied");
  }

  private static String said(String answer) {
    return answer
        .substring(answer.indexOf("\r\n\r\n"))
        .replaceAll("[0-9a-f]{32}", "ID")
        .replaceAll("authorization id: [0-9a-f-]+", "");
  }
}
