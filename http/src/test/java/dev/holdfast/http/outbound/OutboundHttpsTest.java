// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.holdfast.kit.AccountId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of a site of our own, whose certificate an authority signed that nobody knows. */
class OutboundHttpsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final AccountId WHOSE = new AccountId("111111111111");
  private static final CountDownLatch OVER = new CountDownLatch(1);

  @TempDir private static Path dir;

  private static HttpsServer server;
  private static SSLContext context;
  private static String leaf;
  private static String authority;
  private static OutboundHttps https;

  @BeforeAll
  static void serve() throws Exception {
    Path store = dir.resolve("site.p12");
    keytool("-genkeypair", "-alias", "ca", "-dname", "CN=Authority", "-ext", "bc:c");
    keytool(
        "-genkeypair",
        "-alias",
        "site",
        "-dname",
        "CN=Site",
        "-signer",
        "ca",
        "-ext",
        "san=dns:issuer.test");
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    leaf = thumbprint(keys, 0);
    authority = thumbprint(keys, 1);
    keys.deleteEntry("ca");
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD);
    context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", OutboundHttpsTest::answer);
    server.start();
    https = new OutboundHttps(known(), Duration.ofSeconds(30));
  }

  private static Map<String, InetSocketAddress> known() {
    InetSocketAddress at = server.getAddress();
    return Map.of("issuer.test", at, "other.test", at, "nobody.test", unused());
  }

  private static InetSocketAddress unused() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
  }

  private static void keytool(String... words) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(words));
    command.addAll(
        List.of("-keystore", dir.resolve("site.p12").toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", new String(PASSWORD), "-keyalg", "EC", "-validity", "2"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static String thumbprint(KeyStore keys, int place) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-1")
                .digest(keys.getCertificateChain("site")[place].getEncoded()));
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    switch (path) {
      case "/elsewhere" -> {
        exchange.getResponseHeaders().add("Location", "https://issuer.test/good");
        exchange.sendResponseHeaders(302, -1);
      }
      case "/silent" -> await();
      case "/chunked" -> {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(body);
      }
      default -> {
        exchange.sendResponseHeaders(path.equals("/good") ? 200 : 404, body.length);
        exchange.getResponseBody().write(body);
      }
    }
    exchange.close();
  }

  private static void await() {
    try {
      OVER.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterAll
  static void end() {
    OVER.countDown();
    server.stop(0);
  }

  private static byte[] get(String url, String... thumbprints) throws IOException {
    return https.get(WHOSE, URI.create(url), List.of(thumbprints), 100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/good", "/chunked"})
  void readsASiteWhoseAuthorityIsKnownByItsThumbprint(String path) throws IOException {
    assertThat(get("https://issuer.test" + path, authority)).asString().isEqualTo("{\"a\":1}");
  }

  @Test
  void aNameIsTheSameInAnyLetters() throws IOException {
    assertThat(get("https://Issuer.TEST/good", authority)).asString().isEqualTo("{\"a\":1}");
  }

  @Test
  void trustsNobodyElse() {
    assertThatThrownBy(() -> get("https://issuer.test/good"))
        .isInstanceOf(OutboundHttps.NotTrusted.class);
    assertThatThrownBy(() -> get("https://issuer.test/good", "0".repeat(40)))
        .isInstanceOf(OutboundHttps.NotTrusted.class);
    assertThatThrownBy(() -> get("https://issuer.test/good", leaf))
        .isInstanceOf(OutboundHttps.NotTrusted.class);
  }

  @Test
  void theCertificateIsTheHosts() {
    assertThatThrownBy(() -> get("https://other.test/good", authority))
        .isInstanceOf(OutboundHttps.NotTrusted.class);
  }

  @Test
  void tellsTheThumbprintOfWhoeverAnswers() throws IOException {
    assertThat(https.thumbprint(WHOSE, "issuer.test")).isEqualTo(authority);
    assertThatThrownBy(() -> https.thumbprint(WHOSE, "nobody.test"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void followsNobodyElsewhere() {
    assertThatThrownBy(() -> get("https://issuer.test/elsewhere", authority))
        .hasMessageContaining("status 302");
    assertThatThrownBy(() -> get("https://issuer.test/missing", authority))
        .hasMessageContaining("status 404");
  }

  @Test
  void readsNoMoreThanItWants() {
    for (String path : List.of("/good", "/chunked")) {
      assertThatThrownBy(
              () ->
                  https.get(WHOSE, URI.create("https://issuer.test" + path), List.of(authority), 6))
          .hasMessageContaining("more than 6 bytes");
    }
  }

  @Test
  void waitsForNobodyForLong() {
    var hasty = new OutboundHttps(known(), Duration.ofMillis(700));
    assertThatThrownBy(
            () ->
                hasty.get(WHOSE, URI.create("https://issuer.test/silent"), List.of(authority), 100))
        .isInstanceOf(IOException.class);
  }

  /** What has no answer is asked once more by the JDK's client, on another connection. */
  @Test
  void whoeverDripsIsLeftForGood() throws Exception {
    try (ServerSocket site =
        context
            .getServerSocketFactory()
            .createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var at = new InetSocketAddress(site.getInetAddress(), site.getLocalPort());
      var hasty = new OutboundHttps(Map.of("issuer.test", at), Duration.ofSeconds(1));
      var call =
          new FutureTask<>(
              () -> hasty.get(WHOSE, URI.create("https://issuer.test/"), List.of(authority), 100));
      Thread.ofVirtual().start(call);
      try (Socket first = site.accept()) {
        drip(first);
      }
      assertThatThrownBy(call::get).hasRootCauseInstanceOf(IOException.class);
      site.setSoTimeout(1_000);
      try (Socket second = site.accept()) {
        second.setSoTimeout(500);
        second.getInputStream().readAllBytes(); // throws what is a timeout where it stays open
      } catch (SocketTimeoutException e) {
        assertThat(e).hasMessageContaining("Accept timed out");
      } catch (IOException _) {
        // it was closed before TLS was agreed on
      }
    }
  }

  /** Says one byte of a header after another, until nobody listens. */
  private static void drip(Socket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.UTF_8));
    socket.setSoTimeout(50);
    InputStream in = socket.getInputStream();
    while (true) {
      try {
        if (in.read() < 0) {
          return;
        }
      } catch (SocketTimeoutException _) {
        out.write('x');
        out.flush();
      } catch (IOException _) {
        return;
      }
    }
  }

  @Test
  void anAccountHasSomeOfThePlacesAndNotAll() {
    var places = new Places(6, 4);
    var other = new AccountId("222222222222");
    for (int i = 0; i < 4; i++) {
      assertThat(places.take(WHOSE)).isTrue();
    }
    assertThat(places.take(WHOSE)).isFalse();
    assertThat(places.take(other)).isTrue();
    assertThat(places.take(other)).isTrue();
    assertThat(places.take(other)).isFalse(); // there are no more
    places.release(WHOSE);
    assertThat(places.take(other)).isTrue();
    assertThat(places.take(WHOSE)).isFalse();
  }

  @Test
  void nothingBeginsOnceACallIsOver() throws Exception {
    var sockets = new GuardedSockets(context.getSocketFactory(), Map.of());
    Socket open = sockets.createSocket();
    assertThat(open.isClosed()).isFalse();
    sockets.close();
    assertThat(open.isClosed()).isTrue();
    assertThatThrownBy(sockets::createSocket).hasMessageContaining("is over");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://localhost/"
      })
  void callsNoAddressOfThisMachineOrItsNetworks(String url) {
    assertThatThrownBy(() -> get(url, authority)).hasMessageContaining("none of the Internet's");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://issuer.test/good", "https://user@issuer.test/good", "file:/etc"})
  void speaksTlsAlone(String url) {
    assertThatThrownBy(() -> get(url, authority)).hasMessageContaining("only https");
  }

  @Test
  void callsNoOtherPort() {
    assertThatThrownBy(
            () -> get("https://localhost:" + server.getAddress().getPort() + "/", authority))
        .hasMessageContaining("no port but 443");
  }
}
