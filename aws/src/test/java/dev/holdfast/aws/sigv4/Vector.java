// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A request that somebody else signed.
 *
 * @param by who signed it
 * @param signed {@code header} or {@code query}
 */
record Vector(
    String by, String name, String signed, String service, SignedRequest request, String body) {
  private static final byte[] SECRET =
      "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".getBytes(StandardCharsets.UTF_8);

  /** The vectors of a resource beside this class. */
  static Stream<Vector> of(String resource) throws IOException {
    byte[] bytes =
        Objects.requireNonNull(Vector.class.getResourceAsStream(resource)).readAllBytes();
    return ((JsonArray) Json.parse(bytes)).items().stream().map(v -> vector((JsonObject) v));
  }

  private static Vector vector(JsonObject json) {
    var headers = new ArrayList<SignedRequest.Header>();
    for (var header : json.array("headers")) {
      var pair = ((JsonArray) header).items();
      headers.add(
          new SignedRequest.Header(
              ((JsonString) pair.get(0)).text(), ((JsonString) pair.get(1)).text()));
    }
    String service = json.string("service");
    String by = json.string("by");
    return new Vector(
        by == null ? "AWS" : by,
        text(json, "name"),
        text(json, "signed"),
        service == null ? "service" : service,
        new SignedRequest(text(json, "method"), text(json, "path"), text(json, "query"), headers),
        text(json, "body"));
  }

  private static String text(JsonObject json, String name) {
    return Objects.requireNonNull(json.string(name));
  }

  boolean presigned() {
    return signed.equals("query");
  }

  Vector with(SignedRequest other) {
    return new Vector(by, name, signed, service, other, body);
  }

  Vector withBody(String other) {
    return new Vector(by, name, signed, service, request, other);
  }

  Vector withMethod(String method) {
    return with(
        new SignedRequest(method, request.rawPath(), request.rawQuery(), request.headers()));
  }

  Vector withPath(String path) {
    return with(new SignedRequest(request.method(), path, request.rawQuery(), request.headers()));
  }

  Vector withQuery(String query) {
    return with(new SignedRequest(request.method(), request.rawPath(), query, request.headers()));
  }

  /** With each value of a header changed. */
  Vector withHeader(String name, UnaryOperator<String> change) {
    List<SignedRequest.Header> headers =
        request.headers().stream()
            .map(
                h ->
                    h.name().equalsIgnoreCase(name)
                        ? new SignedRequest.Header(h.name(), change.apply(h.value()))
                        : h)
            .toList();
    return with(
        new SignedRequest(request.method(), request.rawPath(), request.rawQuery(), headers));
  }

  /** Verifies it; the key is the one that all vectors are signed with. */
  void verify(Instant now) {
    Authorization auth = Authorization.of(request);
    Verifier.check(auth, request, List.of(service), now);
    Verifier.verify(auth, request, body.getBytes(StandardCharsets.UTF_8), auth.scope().key(SECRET));
  }

  @Override
  public String toString() {
    return by + ": " + name + " (" + signed + ")";
  }
}
