// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import static dev.holdfast.registry.OciClient.header;
import static dev.holdfast.registry.OciClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.registry.OciClient;
import dev.holdfast.registry.RegistryHarbor;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.service.Profile;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullTest {
  private static final byte[] NONE = {};
  private static final byte[] HELLO = "hello, world".getBytes(StandardCharsets.UTF_8);

  @TempDir Path root;
  private RegistryHarbor harbor;
  private OciClient client;

  @SuppressWarnings("NullAway.Init")
  PullTest() {}

  @BeforeEach
  void start() throws Exception {
    harbor = new RegistryHarbor(FileBlobStore.open(root), Profile.DEV, 0);
    harbor.repository("shop/web");
    client = new OciClient(harbor, harbor.authorization());
  }

  @AfterEach
  void stop() {
    client.close();
    harbor.close();
  }

  @Test
  void asksForABasicLogin() throws Exception {
    try (var stranger = new OciClient(harbor, "")) {
      HttpResponse<byte[]> response = stranger.get("/v2/");
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(header(response, "WWW-Authenticate"))
          .isEqualTo(
              "Basic realm=\"http://" + harbor.authority() + "/\",service=\"ecr.amazonaws.com\"");
      assertThat(text(response)).contains("UNAUTHORIZED");
    }
    assertThat(client.get("/v2/").statusCode()).isEqualTo(200);
  }

  @Test
  void takesNoOtherPassword() throws Exception {
    for (String password : new String[] {"AWS:x", "root:x", "", "AWS:" + "A".repeat(200)}) {
      String header =
          "Basic " + Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8));
      try (var stranger = new OciClient(harbor, header)) {
        assertThat(stranger.get("/v2/").statusCode()).isEqualTo(401);
      }
    }
  }

  @Test
  void endsATokenWithItsSessionAndAtOnceWhenItsKeyIsGone() throws Exception {
    String session =
        harbor.basic(
            RegistryHarbor.role(RegistryHarbor.ACCOUNT, "ASIA1", harbor.now().plusSeconds(600)));
    try (var crew = new OciClient(harbor, session)) {
      assertThat(crew.get("/v2/").statusCode()).isEqualTo(200);
      harbor.advance(Duration.ofMinutes(11));
      assertThat(crew.get("/v2/").statusCode()).isEqualTo(401);
    }
    assertThat(client.get("/v2/").statusCode()).isEqualTo(200);
    harbor.revoke("AKIA1");
    assertThat(client.get("/v2/").statusCode()).isEqualTo(401);
  }

  @Test
  void servesPartsOfABlob() throws Exception {
    String blob = "/v2/shop/web/blobs/" + client.blob("shop/web", HELLO);
    HttpResponse<byte[]> head = client.send("HEAD", blob, NONE);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(header(head, "Content-Length")).isEqualTo("12");
    HttpResponse<byte[]> part = client.get(blob, "Range", "bytes=7-");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(text(part)).isEqualTo("world");
    assertThat(header(part, "Content-Range")).isEqualTo("bytes 7-11/12");
    assertThat(client.get(blob, "Range", "bytes=12-").statusCode()).isEqualTo(416);
  }

  /** A folder in the blob's place opens, has a size, and cannot be read. */
  @Test
  void aBlobThatCannotBeReadIsSetAsideAndNamed() throws Exception {
    Path folder = Files.createDirectory(root.resolve("folder"));
    byte[] content = new byte[(int) Math.max(1, Files.size(folder))];
    Digest digest = client.blob("shop/web", content);
    Path file = root.resolve("sha256").resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    Files.delete(file);
    Files.move(folder, file);
    HttpResponse<byte[]> answer = client.get("/v2/shop/web/blobs/" + digest);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(text(answer)).contains("BLOB_UNKNOWN").contains("push the image again");
    assertThat(harbor.damage()).singleElement().asString().contains(digest.text());
    assertThat(client.blob("shop/web", content)).isEqualTo(digest);
    assertThat(client.get("/v2/shop/web/blobs/" + digest).statusCode()).isEqualTo(200);
    assertThat(harbor.damage()).isEmpty();
  }

  @Test
  void servesABlobOnlyWhereItIsLinked() throws Exception {
    harbor.repository("shop/other");
    Digest digest = client.blob("shop/web", HELLO);
    HttpResponse<byte[]> elsewhere = client.get("/v2/shop/other/blobs/" + digest);
    assertThat(elsewhere.statusCode()).isEqualTo(404);
    assertThat(text(elsewhere)).contains("BLOB_UNKNOWN");
    try (var neighbour =
        new OciClient(harbor, harbor.basic(RegistryHarbor.user(RegistryHarbor.OTHER, "AKIA2")))) {
      assertThat(neighbour.get("/v2/shop/web/blobs/" + digest).statusCode()).isEqualTo(404);
      HttpResponse<byte[]> foreign = neighbour.get("/v2/123456789012/shop/web/blobs/" + digest);
      assertThat(foreign.statusCode()).isEqualTo(403);
      assertThat(text(foreign)).contains("DENIED", "ecr:GetDownloadUrlForLayer");
    }
    assertThat(client.get("/v2/123456789012/shop/web/blobs/" + digest).body()).isEqualTo(HELLO);
  }

  @Test
  void saysNothingOfARepositoryBeforeTheGuardAgrees() throws Exception {
    harbor.deny("ecr:BatchGetImage");
    HttpResponse<byte[]> response = client.get("/v2/nowhere/manifests/1");
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(text(response))
        .contains(
            "User: arn:aws:iam::123456789012:user/mate is not authorized to perform:"
                + " ecr:BatchGetImage on resource:"
                + " arn:aws:ecr:us-east-1:123456789012:repository/nowhere");
    assertThat(harbor.events()).anyMatch(e -> e.name().equals("BatchGetImage"));
  }

  @Test
  void refusesWhatItDoesNotServe() throws Exception {
    assertThat(client.send("DELETE", "/v2/shop/web/blobs/" + Digest.of(NONE), NONE).statusCode())
        .isEqualTo(405);
    assertThat(client.get("/v2/shop/web/blobs/sha256:1").statusCode()).isEqualTo(400);
    assertThat(client.get("/v2/UPPER/manifests/1").statusCode()).isEqualTo(400);
    assertThat(client.get("/v2/shop/web/manifests/none").statusCode()).isEqualTo(404);
    assertThat(client.get("/v2/shop").statusCode()).isEqualTo(404);
  }
}
