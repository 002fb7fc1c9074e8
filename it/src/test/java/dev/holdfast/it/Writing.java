// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.GetCallerIdentityRequest;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Calls to a platform that may die in the middle of any of them. */
final class Writing implements AutoCloseable {
  static final String REPOSITORY = "crash";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;
  private final AwsClient client;
  private final InstantSource clock;
  private final Home home;
  private volatile String token;

  /**
   * What is there from the beginning.
   *
   * @param token an ECR authorization token, or empty before there is one
   */
  record Home(String account, Credentials administrator, String token) {
    @Override
    public String toString() {
      return "Home[" + account + "]";
    }
  }

  Writing(URI url, Home home) {
    this(url, home, InstantSource.system());
  }

  /** A client whose clock is that of the platform. */
  Writing(URI url, Home home, InstantSource clock) {
    this.url = url;
    this.home = home;
    this.token = home.token();
    this.clock = clock;
    this.client = new AwsClient(http, url, Harbor.REGION.name(), home::administrator, clock);
  }

  InstantSource clock() {
    return clock;
  }

  /** Where the platform is. */
  URI url() {
    return url;
  }

  /** Whose everything is. */
  Home home() {
    return home;
  }

  /**
   * Calls an operation.
   *
   * @throws IOException where there was no answer
   * @throws ApiError where it was an error
   */
  <I extends Shape, O extends Shape> JsonObject call(OperationModel<I, O> model, JsonObject in)
      throws IOException, InterruptedException {
    O out = client.call(model, model.inputOf(JsonCodec.read(model.input(), Json.bytes(in))));
    return Json.parseObject(JsonCodec.bytes(out));
  }

  /** Calls an operation; empty where what it names is not there. */
  <I extends Shape, O extends Shape> Optional<JsonObject> find(
      OperationModel<I, O> model, JsonObject in) throws IOException, InterruptedException {
    try {
      return Optional.of(call(model, in));
    } catch (ApiError e) {
      if (e.code().contains("NotFound") || e.code().contains("NoSuchEntity")) {
        return Optional.empty();
      }
      if (e.text().contains("Unable to describe task definition")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Signs in to the registry anew: a token is good for twelve hours. */
  void signIn() throws IOException, InterruptedException {
    token = registryToken();
  }

  /** A fresh token of the registry. */
  String registryToken() throws IOException, InterruptedException {
    String json = Json.text(call(EcrModel.GET_AUTHORIZATION_TOKEN, JsonObject.EMPTY));
    String mark = "\"authorizationToken\":\"";
    int start = json.indexOf(mark) + mark.length();
    return json.substring(start, json.indexOf('"', start));
  }

  /** The ARN of a policy of the home account. */
  String policyArn(String name) {
    return "arn:aws:iam::" + home.account() + ":policy/" + name;
  }

  /** Whether a key opens anything. */
  boolean admits(Credentials credentials) throws IOException, InterruptedException {
    try {
      client
          .as(() -> credentials, Harbor.REGION.name())
          .call(StsModel.GET_CALLER_IDENTITY, GetCallerIdentityRequest.builder().build());
      return true;
    } catch (ApiError e) {
      if (e.code().equals("InvalidClientTokenId")) {
        return false;
      }
      throw e;
    }
  }

  /** Whether a signature is taken. */
  boolean signs(Credentials credentials) throws IOException, InterruptedException {
    try {
      return admits(credentials);
    } catch (ApiError e) {
      if (e.code().equals("SignatureDoesNotMatch")) {
        return false;
      }
      throw e;
    }
  }

  /** Begins an upload in pieces; returns its path. */
  String startUpload() throws IOException, InterruptedException {
    return location(expect(202, registry("blobs/uploads/").POST(BodyPublishers.noBody())));
  }

  /** Sends the next piece; returns the path of the upload. */
  String continueUpload(String upload, byte[] piece) throws IOException, InterruptedException {
    return location(
        expect(
            202,
            at(upload)
                .header("Content-Type", "application/octet-stream")
                .method("PATCH", BodyPublishers.ofByteArray(piece))));
  }

  /** Ends an upload; returns the path of the blob. */
  String endUpload(String upload, String digest) throws IOException, InterruptedException {
    return location(expect(201, at(upload + "?digest=" + digest).PUT(BodyPublishers.noBody())));
  }

  /** Whether an upload goes on. */
  boolean knowsUpload(String upload) throws IOException, InterruptedException {
    return http.send(at(upload).build(), BodyHandlers.discarding()).statusCode() != 404;
  }

  private static String location(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("Location").orElseThrow();
  }

  /** A blob in one request. */
  void pushBlob(byte[] content) throws IOException, InterruptedException {
    var _ =
        expect(
            201,
            registry("blobs/uploads/?digest=sha256:" + Hashes.sha256Hex(content))
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(content)));
  }

  void pushManifest(String tag, String manifest) throws IOException, InterruptedException {
    var _ =
        expect(
            201,
            registry("manifests/" + tag)
                .header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
                .PUT(BodyPublishers.ofString(manifest)));
  }

  private HttpResponse<byte[]> expect(int status, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
    if (answer.statusCode() != status) {
      throw new AssertionError(
          answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8));
    }
    return answer;
  }

  /** Whether {@code HEAD} finds a manifest or blob. */
  boolean has(String path) throws IOException, InterruptedException {
    HttpRequest head = registry(path).method("HEAD", BodyPublishers.noBody()).build();
    return http.send(head, BodyHandlers.discarding()).statusCode() == 200;
  }

  /** A manifest or blob; empty where it is not there. */
  Optional<byte[]> pull(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(
            registry(path).header("Accept", "application/vnd.oci.image.manifest.v1+json").build(),
            BodyHandlers.ofByteArray());
    return switch (answer.statusCode()) {
      case 200 -> Optional.of(answer.body());
      case 404 -> Optional.empty();
      default ->
          throw new AssertionError(
              answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8));
    };
  }

  private HttpRequest.Builder registry(String path) {
    return at("/v2/" + REPOSITORY + "/" + path);
  }

  private HttpRequest.Builder at(String path) {
    return HttpRequest.newBuilder(url.resolve(path))
        .timeout(PATIENCE)
        .header("Authorization", "Basic " + token);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
