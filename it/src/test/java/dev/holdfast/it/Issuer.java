// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An identity provider of our own on this machine, under a name that nobody else has. */
final class Issuer implements AutoCloseable {
  static final String HOST = "issuer.test";
  static final String URL = "https://" + HOST;
  private static final char[] PASSWORD = "changeit".toCharArray();

  final AtomicInteger asked = new AtomicInteger();
  private final HttpsServer server;
  private final KeyPair key;
  private final String thumbprint;

  private Issuer(HttpsServer server, KeyPair key, String thumbprint) {
    this.server = server;
    this.key = key;
    this.thumbprint = thumbprint;
  }

  static Issuer open(Path dir) throws IOException, GeneralSecurityException, InterruptedException {
    Path file = dir.resolve("issuer.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "site",
                "-dname",
                "CN=Issuer",
                "-ext",
                "san=dns:" + HOST,
                "-keyalg",
                "EC",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException(said);
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var issuer =
        new Issuer(
            server,
            generator.generateKeyPair(),
            HexFormat.of()
                .formatHex(
                    MessageDigest.getInstance("SHA-1")
                        .digest(store.getCertificate("site").getEncoded())));
    server.createContext("/", issuer::answer);
    server.start();
    return issuer;
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  /** The SHA-1 of its certificate, which it signed itself. */
  String thumbprint() {
    return thumbprint;
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    RSAPublicKey pub = (RSAPublicKey) key.getPublic();
    byte[] modulus = pub.getModulus().toByteArray();
    String body =
        exchange.getRequestURI().getPath().equals("/keys")
            ? "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"k\",\"n\":\"%s\",\"e\":\"AQAB\"}]}"
                .formatted(text(Arrays.copyOfRange(modulus, 1, modulus.length)))
            : "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(URL, URL);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A token with these claims. */
  String token(String claims) {
    String text =
        text("{\"alg\":\"RS256\",\"kid\":\"k\"}".getBytes(StandardCharsets.UTF_8))
            + "."
            + text(claims.getBytes(StandardCharsets.UTF_8));
    try {
      Signature signer = Signature.getInstance("SHA256withRSA");
      signer.initSign(key.getPrivate());
      signer.update(text.getBytes(StandardCharsets.US_ASCII));
      return text + "." + text(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
