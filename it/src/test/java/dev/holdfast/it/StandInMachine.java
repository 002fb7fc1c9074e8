// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A machine with the agent of AWS Systems Manager, as far as it goes by an activation: it makes a
 * key, registers, and asks for credentials. It signs by itself, as that agent does.
 */
final class StandInMachine {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);

  private final HttpClient http;
  private final URI platform;
  private final InstantSource clock;
  private KeyPair key;
  private String fingerprint = "5a7c1e0e-2f7b-4a0f-9d0c-0a5b7a3d9f11";
  private String id = "";
  private String region = Harbor.REGION.name();

  StandInMachine(HttpClient http, URI platform, InstantSource clock)
      throws GeneralSecurityException {
    this(http, platform, clock, fresh());
  }

  StandInMachine(HttpClient http, URI platform, InstantSource clock, KeyPair key) {
    this.http = http;
    this.platform = platform;
    this.clock = clock;
    this.key = key;
  }

  static KeyPair fresh() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  /** What came back. */
  record Answer(int status, JsonObject body) {
    String code() {
      return String.valueOf(body.string("__type"));
    }

    String text(String member) {
      return Harbor.text(body, member);
    }
  }

  String id() {
    return id;
  }

  static String written(KeyPair pair) {
    return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
  }

  /** Says of itself that it is another one. */
  void calls(String other) {
    id = other;
  }

  /** Signs for another region. */
  void goes(String other) {
    region = other;
  }

  /** As another machine would say, to which the disk of this one was copied. */
  void moved() {
    fingerprint = "00000000-0000-4000-8000-000000000000";
  }

  /** Has what another one has. */
  void takes(StandInMachine other) {
    id = other.id;
    key = other.key;
  }

  void holds(KeyPair pair) {
    key = pair;
  }

  JsonObject claim(String activation, String code) {
    return JsonObject.EMPTY
        .with("ActivationId", activation)
        .with("ActivationCode", code)
        .with("PublicKey", written(key))
        .with("PublicKeyType", "Rsa")
        .with("Fingerprint", fingerprint);
  }

  Answer register(String activation, String code) throws IOException, InterruptedException {
    Answer answer = send("RegisterManagedInstance", claim(activation, code), Map.of());
    if (answer.status() == 200) {
      id = answer.text("InstanceId");
    }
    return answer;
  }

  Answer token() throws Exception {
    return signed(
        "RequestManagedInstanceRoleToken", JsonObject.EMPTY.with("Fingerprint", fingerprint));
  }

  static Credentials credentials(Answer token) {
    return new Credentials(
        token.text("AccessKeyId"), token.text("SecretAccessKey"), token.text("SessionToken"));
  }

  Answer rotate(KeyPair next) throws Exception {
    return signed(
        "UpdateManagedInstancePublicKey",
        JsonObject.EMPTY.with("NewPublicKey", written(next)).with("NewPublicKeyType", "Rsa"));
  }

  Answer signed(String operation, JsonObject in) throws Exception {
    return signed(operation, in, body -> body);
  }

  /** Signs one body and sends another. */
  Answer signed(String operation, JsonObject in, UnaryOperator<JsonObject> sent) throws Exception {
    String date = DATE.format(clock.instant().atOffset(ZoneOffset.UTC));
    String scope = date.substring(0, 8) + "/" + region + "/ssm/aws4_request";
    String target = "AmazonSSM." + operation;
    String names = "content-type;host;x-amz-date;x-amz-target";
    String hash = sha256(Json.bytes(in));
    String canonical =
        String.join(
            "\n",
            "POST",
            "/",
            "",
            "content-type:application/x-amz-json-1.1",
            "host:" + platform.getAuthority(),
            "x-amz-date:" + date,
            "x-amz-target:" + target,
            "",
            names,
            hash);
    String text =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            date,
            scope,
            sha256(canonical.getBytes(StandardCharsets.UTF_8)));
    String authorization =
        "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(id, scope, names, sign(text, key.getPrivate()));
    return send(
        operation,
        sent.apply(in),
        Map.of("Authorization", authorization, "X-Amz-Date", date, "X-Amz-Content-Sha256", hash));
  }

  private static String sign(String text, PrivateKey key) throws GeneralSecurityException {
    Signature signer = Signature.getInstance("RSASSA-PSS");
    signer.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    signer.initSign(key);
    signer.update(text.getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(signer.sign());
  }

  private static String sha256(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  Answer send(String operation, JsonObject in, Map<String, String> headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(platform)
            .header("Content-Type", "application/x-amz-json-1.1")
            .header("X-Amz-Target", "AmazonSSM." + operation)
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(in)));
    headers.forEach(request::header);
    HttpResponse<byte[]> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), Json.parseObject(response.body()));
  }

  /** When credentials end. */
  static Instant ends(Answer token) {
    Long seconds = token.body().integer("TokenExpirationDate");
    return Instant.ofEpochSecond(seconds == null ? 0 : seconds);
  }
}
