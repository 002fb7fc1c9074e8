// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ErrorShape;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.http.HttpHandler;
import dev.holdfast.kit.Ids;
import dev.holdfast.registry.blob.BlobStoreException;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.registry.plan.OciPath;
import dev.holdfast.registry.token.Tokens;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Origin;
import dev.holdfast.service.RequestId;
import dev.holdfast.service.Shares;
import dev.holdfast.service.Workload;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The registry's door: opens the token, asks the guard, and lets one {@link OciOperation} answer.
 */
public final class OciHandler implements HttpHandler {
  static final Header API_VERSION = new Header("Docker-Distribution-Api-Version", "registry/2.0");

  private static final System.Logger LOG = System.getLogger("registry");
  private static final String SOURCE = "ecr.amazonaws.com";

  /** How much of a refused upload is read on, so that its sender reads the refusal. */
  private static final long DRAIN = 512L * 1024 * 1024;

  /** The same for somebody who is not known. */
  private static final long DRAIN_STRANGER = 64L * 1024;

  private static final Shares.Turn NONE = () -> {};

  private final OciDependencies deps;
  private final Map<String, OciOperation> operations;
  private final Uploads uploads;

  public OciHandler(OciDependencies deps) {
    this.deps = deps;
    this.uploads = new Uploads(deps.blobs(), deps.random());
    this.operations = operations(deps, uploads);
  }

  /** The table of contents: method and kind of path. */
  private static Map<String, OciOperation> operations(OciDependencies deps, Uploads uploads) {
    return Map.ofEntries(
        Map.entry("GET BASE", new CheckVersion()),
        Map.entry("HEAD BASE", new CheckVersion()),
        Map.entry("POST UPLOADS", new StartUpload(deps, uploads)),
        Map.entry("GET UPLOAD", new UploadStatus(uploads)),
        Map.entry("PATCH UPLOAD", new UploadChunk(uploads)),
        Map.entry("PUT UPLOAD", new CompleteUpload(deps, uploads)),
        Map.entry("DELETE UPLOAD", new CancelUpload(uploads)),
        Map.entry("GET BLOB", new PullBlob(deps, false)),
        Map.entry("HEAD BLOB", new PullBlob(deps, true)),
        Map.entry("PUT MANIFEST", new PutManifest(deps)),
        Map.entry("GET MANIFEST", new PullManifest(deps)),
        Map.entry("HEAD MANIFEST", new PullManifest(deps)),
        Map.entry("DELETE MANIFEST", new DeleteManifest(deps)),
        Map.entry("GET TAGS", new ListTags(deps)),
        Map.entry("GET REFERRERS", new ListReferrers(deps)));
  }

  /** Uploads that are on their way. */
  public int uploadsInFlight() {
    return uploads.size();
  }

  /** Drops every upload that is on its way. */
  public void close() {
    uploads.close();
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    try {
      admit(exchange);
    } catch (OciError e) {
      refuse(exchange, e);
    }
  }

  private void admit(Exchange exchange) throws IOException {
    Instant now = deps.clock().instant();
    String authorization = exchange.header("Authorization");
    Tokens.Holder holder =
        authorization == null ? null : deps.tokens().holder(authorization, now).orElse(null);
    if (holder == null) {
      throw unauthorized(authorization != null);
    }
    OciPath path =
        OciPath.parse(exchange.rawPath())
            .orElseThrow(() -> new OciError(404, "UNSUPPORTED", "no such path"));
    OciOperation operation = operations.get(exchange.method() + " " + path.kind());
    if (operation == null) {
      throw OciError.unsupported(
          exchange.method() + " is not served here; ECR's API lists and deletes instead");
    }
    var record =
        new CallRecord(deps.audit(), Ids.timedUuid(now, deps.random()), SOURCE, operation.event());
    var call =
        new Call(
            new RequestId(Ids.uuid(deps.random())),
            holder.principal(),
            holder.region(),
            now,
            origin(exchange),
            List.of(),
            record);
    RepositoryId repository = repository(path, call);
    var oci = new OciCall(exchange, call, path, repository, query(exchange.rawQuery()));
    try (Shares.Turn _ = turn(oci);
        Shares.Turn _ = large(oci)) {
      run(operation, oci);
    } catch (Shares.Throttled _) {
      throw new OciError(429, "TOOMANYREQUESTS", "Rate exceeded").with("Retry-After", "5");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new OciError(503, "UNAVAILABLE", "the registry is stopping").with("Retry-After", "1");
    }
  }

  /** What carries an image's bytes takes as long as its client; everything else is a call. */
  private Shares.Turn turn(OciCall call) throws Shares.Throttled, InterruptedException {
    boolean streams =
        switch (call.path().kind()) {
          case BLOB -> call.exchange().method().equals("GET");
          case UPLOAD, UPLOADS -> true;
          default -> false;
        };
    Workload workload = deps.workload();
    return (streams ? workload.streams() : workload.calls()).take(call.call().account());
  }

  /** A large manifest is read as a tree, which takes many times its size. */
  private Shares.Turn large(OciCall call) throws Shares.Throttled, InterruptedException {
    if (call.path().kind() != OciPath.Kind.MANIFEST || !call.exchange().method().equals("PUT")) {
      return NONE;
    }
    String length = call.exchange().header("Content-Length");
    boolean small =
        length != null && length.length() < 6 && Integer.parseInt(length) <= Workload.LARGE;
    return small ? NONE : deps.workload().large().take(call.call().account());
  }

  private static RepositoryId repository(OciPath path, Call call) {
    if (path.name().isEmpty()) {
      return new RepositoryId(call.account(), call.region(), "-");
    }
    return RepositoryId.addressed(path.name(), call.account(), call.region())
        .orElseThrow(
            () -> new OciError(400, "NAME_INVALID", "`" + path.name() + "` is no repository name"));
  }

  private void run(OciOperation operation, OciCall call) throws IOException {
    CallRecord record = call.call().record();
    try {
      Access access = operation.access(call);
      access.demands().forEach(demand -> record.touched(demand.resource()));
      deps.guard().require(call.call(), access);
      operation.handle(call);
      if (operation.audited()) {
        record.end(call.call(), null);
      }
    } catch (OciError e) {
      throw ended(call, e);
    } catch (ApiError e) {
      record.end(call.call(), e);
      throw new OciError(
          e.code().startsWith("AccessDenied") ? 403 : e.shape().status(), "DENIED", e.text());
    } catch (BlobStoreException e) {
      throw ended(call, failed(e));
    } catch (StoreFull e) {
      throw full(String.valueOf(e.getMessage()));
    } catch (StoreUnavailable e) {
      throw new OciError(503, "UNAVAILABLE", "the registry cannot keep anything now; try again")
          .with("Retry-After", "1");
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "request " + call.call().id() + " failed", e);
      throw ended(
          call, new OciError(500, "UNKNOWN", "internal failure; request " + call.call().id()));
    }
  }

  /**
   * A full disk. Docker and skopeo show an answer's words only where its status is 4xx, and RFC
   * 9110 has 413 also for what the server is not able to take now. They try again unless its code
   * forbids it, as {@code DENIED} does: docker five times in most of a minute.
   */
  private static OciError full(String reason) {
    return new OciError(413, "UNAVAILABLE", reason).with("Retry-After", "60");
  }

  /** What to say of a store that fails. */
  private static OciError failed(BlobStoreException fault) {
    String reason = String.valueOf(fault.getMessage());
    if (fault.full()) {
      LOG.log(System.Logger.Level.ERROR, reason);
      return full(reason);
    }
    LOG.log(System.Logger.Level.ERROR, reason, fault);
    return new OciError(500, "UNKNOWN", reason);
  }

  private static OciError ended(OciCall call, OciError error) {
    call.call()
        .record()
        .end(
            call.call(),
            new ApiError(new ErrorShape(error.awsCode(), error.status()), error.text()));
    return error;
  }

  private OciError unauthorized(boolean given) {
    String login =
        "aws ecr get-login-password | docker login --username AWS --password-stdin "
            + deps.endpoint().get().registry();
    return new OciError(
            401,
            "UNAUTHORIZED",
            given
                ? "Your authorization token has expired, was revoked or is not of this registry."
                    + " Reauthenticate and try again: "
                    + login
                : "no basic auth credentials; log in with: " + login)
        .with(
            "WWW-Authenticate",
            "Basic realm=\"" + deps.endpoint().get().url() + "/\",service=\"" + SOURCE + "\"");
  }

  private static void refuse(Exchange exchange, OciError error) throws IOException {
    var headers = new ArrayList<>(error.headers());
    headers.add(API_VERSION);
    headers.add(new Header("Content-Type", "application/json"));
    exchange.respond(error.status(), headers, error.body());
    drain(exchange, error.status() == 401 ? DRAIN_STRANGER : DRAIN);
  }

  /** Reads what the client still sends: many clients read no answer before they have sent all. */
  private static void drain(Exchange exchange, long most) {
    if (exchange.method().equals("GET") || exchange.method().equals("HEAD")) {
      return;
    }
    byte[] discarded = new byte[64 * 1024];
    try {
      InputStream body = exchange.body();
      long left = most;
      for (int read = body.read(discarded); read >= 0 && left > 0; read = body.read(discarded)) {
        left -= read;
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the client went away", e);
    }
  }

  private Origin origin(Exchange exchange) {
    String agent = exchange.header("User-Agent");
    boolean https = deps.endpoint().get().scheme().equals("https");
    if (exchange.remote() instanceof InetSocketAddress remote && remote.getAddress() != null) {
      return new Origin(
          remote.getAddress().getHostAddress(),
          agent == null ? "" : agent,
          https || exchange.tls() != null || remote.getAddress().isLoopbackAddress());
    }
    return new Origin("127.0.0.1", agent == null ? "" : agent, true);
  }

  private static Map<String, String> query(String raw) {
    var query = new LinkedHashMap<String, String>();
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        String value = decode(pair.substring(equals + 1));
        String name = decode(pair.substring(0, equals));
        if (name == null || value == null) {
          throw new OciError(400, "UNSUPPORTED", "the query is not well escaped");
        }
        query.putIfAbsent(name, value);
      }
    }
    return query;
  }

  private static @Nullable String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
