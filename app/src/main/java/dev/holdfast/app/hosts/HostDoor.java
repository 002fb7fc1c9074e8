// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

import dev.holdfast.app.tls.Authority;
import dev.holdfast.app.tls.Pem;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.ecs.Fleet;
import dev.holdfast.ecs.model.JoinedHost;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.http.HttpHandler;
import dev.holdfast.http.Tls;
import dev.holdfast.iam.Iam;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Call;
import dev.holdfast.service.Route;
import dev.holdfast.service.Workload;
import dev.holdfast.ssm.control.Machines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What other machines ask, over TLS alone: to join, with a code; and afterwards, with the
 * certificate that they got, for their session and for the next certificate. Nothing else is served
 * to a certificate, and nothing of this to anything else. Each answer and each refusal is in the
 * audit.
 */
public final class HostDoor {
  static final String PREFIX = "/_holdfast/hosts/";
  private static final System.Logger LOG = System.getLogger("hosts");
  private static final int MAX_BODY = 16 * 1024;
  private static final Pattern SUBJECT = Pattern.compile("CN=([0-9a-f]{32})");

  private final Needs needs;
  private final HostCalls calls;
  private final Invitations invitations;
  private final JoinLimit joins = new JoinLimit();
  private final JoinLimit strangers = new JoinLimit();
  private final AtomicReference<Predicate<String>> names = new AtomicReference<>(_ -> false);

  /** What the door is given. */
  public record Needs(
      Context context,
      Authority authority,
      Iam iam,
      Fleet fleet,
      Machines machines,
      Workload workload) {

    /** With the authority of the installation, which is made where there is none. */
    public static Needs of(
        Context context, Iam iam, Fleet fleet, Machines machines, Workload workload) {
      Context.Ground ground = context.ground();
      var authority =
          Authority.open(
              ground.state(), context.installation(), ground.random(), ground.clock().instant());
      return new Needs(context, authority, iam, fleet, machines, workload);
    }
  }

  public HostDoor(Needs needs) {
    this.needs = needs;
    this.calls = needs.context().calls();
    this.invitations = needs.context().invitations();
  }

  /** Says what the certificate of the TLS listeners vouches for. */
  public void names(Predicate<String> known) {
    names.set(known);
  }

  public Route route() {
    return new Route(PREFIX, this::handle);
  }

  /** Who answers the agents of machines that came with an activation, by target. */
  public Map<String, HttpHandler> machines() {
    return new MachineDoor(needs).targets();
  }

  private void handle(Exchange exchange) throws IOException {
    Tls.Shown tls = exchange.tls();
    String host = exchange.header("host");
    if (tls == null || host == null || !names.get().test(host.toLowerCase(java.util.Locale.ROOT))) {
      say(exchange, 404, "nothing is served at this path");
      return;
    }
    String asked = exchange.method() + " " + exchange.rawPath();
    switch (asked) {
      case "POST " + PREFIX + "join" -> join(exchange);
      case "POST " + PREFIX + "session" -> known(exchange, tls, "GetHostSession", this::session);
      case "POST " + PREFIX + "certificate" ->
          known(exchange, tls, "RenewHostCertificate", this::certificate);
      default -> say(exchange, 404, "nothing is served at this path");
    }
  }

  private static JsonObject body(Exchange exchange) throws IOException {
    byte[] body = exchange.body().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      throw new HostRefusal("the request is too long");
    }
    try {
      return Json.parseObject(body);
    } catch (Json.MalformedJson e) {
      throw new HostRefusal("the request is no JSON object");
    }
  }

  /**
   * Lets a machine join. The code is looked at first: the limit is for those alone whose code is
   * not good, and nothing else of what they sent is read.
   */
  private void join(Exchange exchange) throws IOException {
    Call call = calls.call(exchange, HostCalls.STRANGER, "JoinHost", JsonObject.EMPTY);
    JsonObject said = JsonObject.EMPTY;
    Optional<Invitation> invitation = Optional.empty();
    HostRefusal why = new HostRefusal(HostRefusal.CODE);
    try {
      said = body(exchange);
      String code = said.string("code");
      invitation = invitations.of(code == null ? "" : code, call.now());
    } catch (HostRefusal e) {
      why = e;
    }
    if (invitation.isEmpty() && !joins.admits(HostCalls.address(exchange), System.nanoTime())) {
      say(exchange, 429, HostRefusal.TOO_MANY);
      return;
    }
    JsonObject asked = said;
    Optional<Invitation> known = invitation;
    HostRefusal otherwise = why;
    answer(
        exchange,
        call,
        "joining as a host",
        () -> joined(call, asked, known.orElseThrow(() -> otherwise)));
  }

  private JsonObject joined(Call call, JsonObject said, Invitation invitation) {
    PublicKey key = requested(said);
    LocalHost facts = Facts.read(said.object("facts"), invitation.name());
    String id = Ids.hex(needs.context().random(), 16);
    String print = Pem.fingerprint(key);
    call.record()
        .parameters(
            JsonObject.EMPTY.with("host", id).with("name", invitation.name()).with("key", print));
    var host =
        new JoinedHost(id, invitation.name(), print, call.now(), false)
            .kept(invitation.cluster(), invitation.attributes());
    needs
        .fleet()
        .join(
            call,
            host,
            facts,
            tx -> {
              Invitations.redeem(tx, invitation);
              needs.iam().accounts().joinHost(tx, id);
            });
    LOG.log(System.Logger.Level.INFO, "the host {0} joined", host.name());
    return told(host).with("certificate", Pem.of(needs.authority().host(key, id, call.now())));
  }

  private static PublicKey requested(JsonObject said) {
    String text = said.string("request");
    try {
      return Authority.requested(Base64.getDecoder().decode(text == null ? "" : text));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new HostRefusal("the request for a certificate is none of ours");
    }
  }

  /** What every host is told. */
  private JsonObject told(JoinedHost host) {
    Context context = needs.context();
    return JsonObject.EMPTY
        .with("host", host.id())
        .with("name", host.name())
        .with("installation", context.installation())
        .with("region", context.region())
        .with("registry", context.registry().get());
  }

  private interface Answer {
    JsonObject to(Call call, JoinedHost host, JsonObject said);
  }

  /** Answers a host that shows its certificate. */
  private void known(Exchange exchange, Tls.Shown tls, String event, Answer work)
      throws IOException {
    X509Certificate shown = tls.peer().isEmpty() ? null : tls.peer().getFirst();
    String id = shown == null ? null : subject(shown);
    if (id == null && !strangers.admits(HostCalls.address(exchange), System.nanoTime())) {
      say(exchange, 429, HostRefusal.TOO_MANY);
      return;
    }
    Call call = calls.call(exchange, id == null ? HostCalls.STRANGER : id, event, JsonObject.EMPTY);
    answer(
        exchange,
        call,
        "a certificate that is no host's",
        () -> {
          if (shown == null || id == null || !holds(shown, call)) {
            throw new HostRefusal("no certificate of a host of this platform was shown");
          }
          JoinedHost host = needs.fleet().find(id).orElseThrow(HostRefusal::removed);
          requireKey(host, shown.getPublicKey());
          return work.to(call, host, body(exchange));
        });
  }

  private static @Nullable String subject(X509Certificate certificate) {
    Matcher subject = SUBJECT.matcher(certificate.getSubjectX500Principal().getName());
    return subject.matches() ? subject.group(1) : null;
  }

  /**
   * Whether a certificate that was shown holds now. The handshake has proved who has the key, and
   * that the authority signed; a connection may be older than the certificate's end.
   */
  private static boolean holds(X509Certificate shown, Call call) {
    try {
      shown.checkValidity(Date.from(call.now()));
      return true;
    } catch (CertificateException _) {
      return false;
    }
  }

  /** The key is the host's, or the one that it asked a certificate for, and then the only one. */
  private void requireKey(JoinedHost host, PublicKey key) {
    String next = host.next();
    if (next != null && same(next, key)) {
      needs.fleet().tookKey(host.id(), next);
    } else if (!same(host.key(), key)) {
      throw new HostRefusal("the certificate is for another key than the host's");
    }
  }

  private static boolean same(String fingerprint, PublicKey key) {
    return MessageDigest.isEqual(
        fingerprint.getBytes(StandardCharsets.US_ASCII),
        Pem.fingerprint(key).getBytes(StandardCharsets.US_ASCII));
  }

  private JsonObject session(Call call, JoinedHost host, JsonObject said) {
    needs.fleet().measured(host.id(), Facts.read(said.object("facts"), host.name()));
    var session = needs.iam().accounts().host(host.id()).orElseThrow(HostRefusal::removed);
    call.record().end(call, null);
    return told(host)
        .with("AccessKeyId", session.credentials().accessKeyId())
        .with("SecretAccessKey", session.credentials().secretAccessKey())
        .with("SessionToken", String.valueOf(session.credentials().sessionToken()))
        .with("Expiration", session.expires().toString());
  }

  /** The next certificate, for the key that the host has, or for one that it has made since. */
  private JsonObject certificate(Call call, JoinedHost host, JsonObject said) {
    PublicKey key = requested(said);
    X509Certificate next = needs.authority().host(key, host.id(), call.now());
    call.record()
        .parameters(
            JsonObject.EMPTY
                .with("expires", next.getNotAfter().toInstant().toString())
                .with("key", Pem.fingerprint(key)));
    if (!same(host.key(), key)) {
      needs.fleet().awaitKey(call, host.id(), Pem.fingerprint(key));
    }
    call.record().end(call, null);
    return told(host).with("certificate", Pem.of(next));
  }

  private interface Work {
    JsonObject run() throws IOException;
  }

  private void answer(Exchange exchange, Call call, String what, Work work) throws IOException {
    JsonObject answer;
    try {
      answer = work.run();
    } catch (HostRefusal | Fleet.Refused e) {
      refused(call, what, String.valueOf(e.getMessage()));
      int status = e instanceof HostRefusal refusal ? refusal.status() : 403;
      say(exchange, status, String.valueOf(e.getMessage()));
      return;
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a host's request failed", e);
      say(exchange, 500, "an internal error occurred; the log has it");
      return;
    }
    exchange.respond(
        200, List.of(new Header("Content-Type", "application/json")), Json.bytes(answer));
  }

  private void refused(Call call, String what, String why) {
    call.record().end(call, new ApiError(CommonError.ACCESS_DENIED.in(Protocol.JSON), why));
    needs.fleet().alarm(call, what);
  }

  /** Somebody showed a certificate that is not of this installation; the handshake has ended. */
  public void foreign(String address, String why) {
    if (strangers.admits(address, System.nanoTime())) {
      refused(
          calls.call(address, "", HostCalls.STRANGER, "ShowCertificate", JsonObject.EMPTY),
          why,
          why);
    }
  }

  private static void say(Exchange exchange, int status, String text) throws IOException {
    exchange.respond(
        status,
        List.of(new Header("Content-Type", "application/json")),
        Json.bytes(JsonObject.EMPTY.with("message", text)));
  }
}
