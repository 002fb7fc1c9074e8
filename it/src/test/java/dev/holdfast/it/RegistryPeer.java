// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignedRequest.Header;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Somebody who speaks to the registry with one login, which is a whole header or empty. */
record RegistryPeer(Raw raw, String login) {

  static RegistryPeer of(Harbor harbor, Credentials keys) {
    return new RegistryPeer(new Raw(harbor.platform().url()), basic("AWS", password(harbor, keys)));
  }

  /** The password that a principal logs in with. */
  static String password(Harbor harbor, Credentials keys) {
    JsonObject data =
        (JsonObject)
            harbor
                .call(keys, "us-east-1", "ecr:GetAuthorizationToken", "{}")
                .array("authorizationData")
                .getFirst();
    String user =
        new String(
            Base64.getDecoder().decode(Harbor.text(data, "authorizationToken")),
            StandardCharsets.UTF_8);
    return user.substring("AWS:".length());
  }

  static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  Raw.Answer send(String method, String path, byte[] body) {
    return raw.send(
        method,
        "/v2/" + path,
        login.isEmpty() ? List.of() : List.of(new Header("Authorization", login)),
        body);
  }

  Raw.Answer get(String path) {
    return send("GET", path, new byte[0]);
  }

  /** What is in a repository afterwards, by digest. */
  record Pushed(String blob, String manifest) {}

  /** Pushes an image with one layer, tagged {@code 1}. */
  Pushed push(String repository, String text) {
    String layer = blob(repository, text);
    String config = blob(repository, "{\"architecture\":\"amd64\",\"os\":\"linux\"}");
    byte[] manifest =
        """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
         "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":37},
         "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":%d}]}"""
            .formatted(config, layer, text.length())
            .getBytes(StandardCharsets.UTF_8);
    Raw.Answer put =
        raw.send(
            "PUT",
            "/v2/" + repository + "/manifests/1",
            List.of(
                new Header("Authorization", login),
                new Header("Content-Type", "application/vnd.oci.image.manifest.v1+json")),
            manifest);
    assertThat(put.status()).as(put.text()).isEqualTo(201);
    return new Pushed(layer, "sha256:" + Hashes.sha256Hex(manifest));
  }

  private String blob(String repository, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String digest = "sha256:" + Hashes.sha256Hex(bytes);
    Raw.Answer answer = send("POST", repository + "/blobs/uploads/?digest=" + digest, bytes);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return digest;
  }
}
