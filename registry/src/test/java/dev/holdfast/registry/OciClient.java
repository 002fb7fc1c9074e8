// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry;

import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.plan.ManifestParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A registry client of a few lines. */
public final class OciClient implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final String authorization;

  public OciClient(RegistryHarbor harbor, String authorization) {
    this.base = "http://" + harbor.authority();
    this.authorization = authorization;
  }

  /** Sends a request; headers as name, value, name, value. */
  public HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  public HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    return send("GET", path, new byte[0], headers);
  }

  public static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  public static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** Pushes a blob at once. */
  public Digest blob(String repository, byte[] content) throws IOException, InterruptedException {
    Digest digest = Digest.of(content);
    HttpResponse<byte[]> response =
        send("POST", "/v2/" + repository + "/blobs/uploads/?digest=" + digest, content);
    if (response.statusCode() != 201) {
      throw new AssertionError(response.statusCode() + " " + text(response));
    }
    return digest;
  }

  /** An OCI image manifest over contents that were pushed. */
  public static byte[] manifest(byte[] config, byte[]... layers) {
    return String.format(
            Locale.ROOT,
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}",
            ManifestParser.OCI_MANIFEST,
            descriptor("application/vnd.oci.image.config.v1+json", config),
            Stream.of(layers)
                .map(layer -> descriptor("application/vnd.oci.image.layer.v1.tar", layer))
                .collect(Collectors.joining(",")))
        .getBytes(StandardCharsets.UTF_8);
  }

  public static String descriptor(String mediaType, byte[] content) {
    return String.format(
        Locale.ROOT,
        "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}",
        mediaType,
        Digest.of(content),
        content.length);
  }

  /** Pushes an image of one layer. */
  public Digest image(String repository, String tag, String content)
      throws IOException, InterruptedException {
    byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
    byte[] layer = content.getBytes(StandardCharsets.UTF_8);
    blob(repository, config);
    blob(repository, layer);
    byte[] manifest = manifest(config, layer);
    HttpResponse<byte[]> response = putManifest(repository, tag, manifest);
    if (response.statusCode() != 201) {
      throw new AssertionError(response.statusCode() + " " + text(response));
    }
    return Digest.of(manifest);
  }

  public HttpResponse<byte[]> putManifest(String repository, String reference, byte[] manifest)
      throws IOException, InterruptedException {
    return send(
        "PUT",
        "/v2/" + repository + "/manifests/" + reference,
        manifest,
        "Content-Type",
        ManifestParser.OCI_MANIFEST);
  }

  @Override
  public void close() {
    http.close();
  }
}
