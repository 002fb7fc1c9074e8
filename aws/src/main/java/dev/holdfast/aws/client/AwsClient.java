// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.client;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ErrorShape;
import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.QueryCodec;
import dev.holdfast.aws.ServiceModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.XmlReader;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.aws.sigv4.Signer;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Calls AWS operations at one endpoint, signed. Every call has a deadline of 30 seconds. */
public final class AwsClient {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final HttpClient http;
  private final URI endpoint;
  private final String region;
  private final Supplier<Credentials> credentials;
  private final InstantSource clock;

  /**
   * A client.
   *
   * @param endpoint the platform's base URL
   * @param credentials asked for every call, since temporary ones change
   * @param clock signs; a {@link ServerClock} is told of refusals, and the call is made once more
   */
  public AwsClient(
      HttpClient http,
      URI endpoint,
      String region,
      Supplier<Credentials> credentials,
      InstantSource clock) {
    this.http = http;
    this.endpoint = endpoint;
    this.region = region;
    this.credentials = credentials;
    this.clock = clock;
  }

  /** The same client as somebody else, or elsewhere. */
  public AwsClient as(Supplier<Credentials> others, String otherRegion) {
    return new AwsClient(http, endpoint, otherRegion, others, clock);
  }

  /**
   * Calls an operation.
   *
   * @throws ApiError where the service answers one
   * @throws IOException where there was no answer
   */
  public <I extends Shape, O extends Shape> O call(OperationModel<I, O> operation, I in)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response = send(operation, in);
    if (response.statusCode() != 200
        && clock instanceof ServerClock server
        && server.refused(
            new String(response.body(), StandardCharsets.UTF_8),
            response.headers().firstValue("date"))) {
      response = send(operation, in);
    }
    byte[] body = response.body();
    boolean json = operation.service().protocol() == Protocol.JSON;
    if (response.statusCode() != 200) {
      throw json
          ? error(response.statusCode(), body)
          : XmlReader.error(response.statusCode(), body);
    }
    return operation.outputOf(
        json ? JsonCodec.read(operation.output(), body) : XmlReader.result(operation, body));
  }

  private HttpResponse<byte[]> send(OperationModel<?, ?> operation, Shape in)
      throws IOException, InterruptedException {
    ServiceModel service = operation.service();
    var headers = new ArrayList<SignedRequest.Header>();
    headers.add(new SignedRequest.Header("Host", endpoint.getAuthority()));
    byte[] body =
        switch (service.protocol()) {
          case JSON -> {
            headers.add(new SignedRequest.Header("Content-Type", "application/x-amz-json-1.1"));
            headers.add(
                new SignedRequest.Header(
                    "X-Amz-Target", service.targetPrefix() + "." + operation.name()));
            yield JsonCodec.bytes(in);
          }
          case QUERY -> {
            headers.add(
                new SignedRequest.Header("Content-Type", "application/x-www-form-urlencoded"));
            yield form(service, operation.name(), QueryCodec.form(in));
          }
        };
    var unsigned = new SignedRequest("POST", "/", "", headers);
    List<SignedRequest.Header> signature =
        Signer.sign(
            unsigned, body, credentials.get(), region, service.signingName(), clock.instant());
    headers.addAll(signature);
    var request = HttpRequest.newBuilder(endpoint.resolve("/")).timeout(DEADLINE);
    headers.stream()
        .filter(h -> !h.name().equals("Host"))
        .forEach(h -> request.header(h.name(), h.value()));
    return http.send(
        request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static byte[] form(ServiceModel service, String operation, Map<String, String> members) {
    String rest =
        members.entrySet().stream()
            .map(e -> "&" + encode(e.getKey()) + "=" + encode(e.getValue()))
            .collect(Collectors.joining());
    return ("Action=" + operation + "&Version=" + service.apiVersion() + rest)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static ApiError error(int status, byte[] body) {
    try {
      JsonObject json = Json.parseObject(body);
      String type = json.string("__type");
      String message = json.string("message");
      return new ApiError(
          new ErrorShape(type == null ? "Unknown" : type.substring(type.indexOf('#') + 1), status),
          message == null ? "" : message);
    } catch (Json.MalformedJson _) {
      return new ApiError(
          new ErrorShape("Unknown", status), "the endpoint answered " + status + " without JSON");
    }
  }
}
