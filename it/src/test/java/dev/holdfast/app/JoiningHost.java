// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.hosts.Facts;
import dev.holdfast.app.tls.Contexts;
import dev.holdfast.app.tls.HostKey;
import dev.holdfast.app.tls.Pem;
import dev.holdfast.app.tls.PinnedTrust;
import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.aws.sigv4.Signer;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Another machine as the platform sees it: its requests and streams over real TLS. */
final class JoiningHost {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String platform;
  private final PinnedTrust trust;
  private final InstantSource clock;
  private KeyPair pair = HostKey.make(RANDOM);
  private @Nullable X509Certificate certificate;

  JoiningHost(JsonObject invited, InstantSource clock) {
    this(invited, String.valueOf(invited.string("fingerprint")), clock);
  }

  JoiningHost(JsonObject invited, String fingerprint, InstantSource clock) {
    this.platform = String.valueOf(invited.string("address"));
    this.trust = new PinnedTrust(fingerprint);
    this.clock = clock;
  }

  /** What the platform answers. */
  record Answer(int status, JsonObject body) {
    String text(String name) {
      return Objects.requireNonNullElse(body.string(name), "");
    }
  }

  static JsonObject facts() {
    return JsonObject.EMPTY.with(
        "facts", Facts.json(new LocalHost("x", "X86_64", 2048, 2048, List.of(22), List.of())));
  }

  Answer join(String code) throws Exception {
    Answer answer =
        ask(
            HttpClient.newBuilder().sslContext(Contexts.client(trust)).build(),
            "join",
            facts().with("code", code).with("request", HostKey.request(pair)));
    if (answer.status() == 200) {
      certificate = Pem.certificate(answer.text("certificate"));
    }
    return answer;
  }

  /** What comes of codes that are none, all from one address. */
  List<Integer> guesses(String from, int times) throws Exception {
    var statuses = new ArrayList<Integer>();
    try (HttpClient client =
        HttpClient.newBuilder()
            .sslContext(Contexts.client(trust))
            .localAddress(InetAddress.getByName(from))
            .build()) {
      for (int i = 0; i < times; i++) {
        statuses.add(send(client, "join", facts().with("code", "guess")).status());
      }
    }
    return statuses;
  }

  /** Shows another certificate from now on. */
  void show(X509Certificate other) {
    certificate = other;
  }

  /** Shows another key and its certificate from now on. */
  void show(KeyPair other, X509Certificate its) {
    pair = other;
    certificate = its;
  }

  KeyPair pair() {
    return pair;
  }

  X509Certificate certificate() {
    return Objects.requireNonNull(certificate);
  }

  private HttpClient proved() throws GeneralSecurityException, IOException {
    return HttpClient.newBuilder()
        .sslContext(
            Contexts.client(
                Objects.requireNonNull(trust.authority()), pair.getPrivate(), certificate()))
        .build();
  }

  Answer session() throws Exception {
    return ask(proved(), "session", facts());
  }

  Answer renew(KeyPair of) throws Exception {
    return ask(proved(), "certificate", JsonObject.EMPTY.with("request", HostKey.request(of)));
  }

  Answer withoutCertificate() throws Exception {
    return ask(
        HttpClient.newBuilder().sslContext(Contexts.client(trust)).build(), "session", facts());
  }

  private Answer ask(HttpClient client, String what, JsonObject said) throws Exception {
    try (client) {
      return send(client, what, said);
    }
  }

  private Answer send(HttpClient client, String what, JsonObject said) throws Exception {
    var response =
        client.send(
            HttpRequest.newBuilder(URI.create("https://" + platform + "/_holdfast/hosts/" + what))
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(said)))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), Json.parseObject(response.body()));
  }

  static Credentials credentials(Answer session) {
    return new Credentials(
        session.text("AccessKeyId"), session.text("SecretAccessKey"), session.text("SessionToken"));
  }

  /** A stream that is open. */
  final class Stream implements AutoCloseable, WebSocket.Listener {
    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private @Nullable WebSocket socket;
    private final HttpClient client;

    private Stream() throws GeneralSecurityException {
      client = HttpClient.newBuilder().sslContext(Contexts.client(trust)).build();
    }

    /** The next message of a kind; its frame as text. */
    <M extends AgentMessage> M next(Class<M> kind) throws InterruptedException {
      while (true) {
        String frame = heard.poll(60, TimeUnit.SECONDS);
        if (frame == null || frame.isEmpty()) {
          throw new AssertionError("no " + kind.getSimpleName() + " came");
        }
        AgentMessage message = AgentFrame.read(frame);
        if (kind.isInstance(message)) {
          return kind.cast(message);
        }
      }
    }

    /** Whether the platform ends the stream. */
    boolean ends() throws InterruptedException {
      for (String next = heard.poll(60, TimeUnit.SECONDS);
          next != null;
          next = heard.poll(60, TimeUnit.SECONDS)) {
        if (next.isEmpty()) {
          return true;
        }
      }
      return false;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket peer, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        heard.add(text.toString());
        text.setLength(0);
      }
      peer.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket peer, int code, String reason) {
      heard.add("");
      return null;
    }

    @Override
    public void onError(WebSocket peer, Throwable error) {
      heard.add("");
    }

    @Override
    public void close() {
      WebSocket open = socket;
      if (open != null) {
        open.abort();
      }
      client.shutdownNow();
    }
  }

  /** The status and text by which a stream is refused; empty where it opens. */
  String refusal(Credentials as, String target) throws Exception {
    try (Stream _ = stream(as, target)) {
      return "";
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode() + " " + refused.getResponse().body();
      }
      throw e;
    }
  }

  static String instance(String arn) {
    return "/acs/ws?agentVersion=1&containerInstanceArn="
        + URLEncoder.encode(arn, StandardCharsets.UTF_8)
        + "&sendCredentials=true";
  }

  static final String HOST =
      "/acs/host?agentVersion=1&dockerVersion=1&grants=&sendCredentials=true";

  Stream stream(Credentials as, String target) throws Exception {
    int question = target.indexOf('?');
    String query = target.substring(question + 1);
    var unsigned =
        new SignedRequest(
            "GET",
            target.substring(0, question),
            query,
            List.of(new SignedRequest.Header("Host", platform)));
    var stream = new Stream();
    WebSocket.Builder builder = stream.client.newWebSocketBuilder();
    Signer.sign(unsigned, new byte[0], as, "us-east-1", "ecs", clock.instant())
        .forEach(header -> builder.header(header.name(), header.value()));
    try {
      stream.socket = builder.buildAsync(URI.create("wss://" + platform + target), stream).join();
      return stream;
    } catch (CompletionException e) {
      stream.close();
      throw e;
    }
  }
}
