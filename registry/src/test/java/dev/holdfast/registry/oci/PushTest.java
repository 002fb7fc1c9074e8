// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import static dev.holdfast.registry.OciClient.header;
import static dev.holdfast.registry.OciClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.registry.OciClient;
import dev.holdfast.registry.RegistryHarbor;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.plan.ManifestParser;
import dev.holdfast.service.Profile;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushTest {
  private static final byte[] NONE = {};
  private static final byte[] HELLO = "hello, world".getBytes(StandardCharsets.UTF_8);

  @TempDir Path root;
  private RegistryHarbor harbor;
  private OciClient client;

  @SuppressWarnings("NullAway.Init")
  PushTest() {}

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

  private long debris() throws Exception {
    try (Stream<Path> uploads = Files.list(root.resolve("uploads"))) {
      return uploads.count();
    }
  }

  private String begin() throws Exception {
    HttpResponse<byte[]> response = client.send("POST", "/v2/shop/web/blobs/uploads/", NONE);
    assertThat(response.statusCode()).isEqualTo(202);
    return header(response, "Location");
  }

  @Test
  void takesABlobInChunksThatFollowEachOther() throws Exception {
    String upload = begin();
    HttpResponse<byte[]> first =
        client.send(
            "PATCH", upload, "hello".getBytes(StandardCharsets.UTF_8), "Content-Range", "0-4");
    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(header(first, "Range")).isEqualTo("0-4");
    HttpResponse<byte[]> gap = client.send("PATCH", upload, new byte[] {1}, "Content-Range", "9-9");
    assertThat(gap.statusCode()).isEqualTo(416);
    assertThat(header(client.get(upload), "Range")).isEqualTo("0-4");
    Digest digest = Digest.of(HELLO);
    HttpResponse<byte[]> last =
        client.send(
            "PUT",
            upload + "?digest=" + digest,
            ", world".getBytes(StandardCharsets.UTF_8),
            "Content-Range",
            "5-11");
    assertThat(last.statusCode()).isEqualTo(201);
    assertThat(header(last, "Docker-Content-Digest")).isEqualTo(digest.text());
    assertThat(client.get(header(last, "Location")).body()).isEqualTo(HELLO);
    assertThat(client.get(upload).statusCode()).isEqualTo(404);
    assertThat(debris()).isZero();
  }

  @Test
  void isFreeForTheNextChunkOnceItHasAnswered() throws Exception {
    for (int i = 0; i < 200; i++) {
      String upload = begin();
      assertThat(client.send("PATCH", upload, HELLO).statusCode()).isEqualTo(202);
      String put = upload + "?digest=" + Digest.of(HELLO);
      assertThat(client.send("PUT", put, NONE).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void refusesBytesOfAnotherDigestAndKeepsNothing() throws Exception {
    String upload = begin();
    HttpResponse<byte[]> response =
        client.send("PUT", upload + "?digest=" + Digest.of(NONE), HELLO);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(text(response)).contains("DIGEST_INVALID");
    assertThat(client.get("/v2/shop/web/blobs/" + Digest.of(HELLO)).statusCode()).isEqualTo(404);
    assertThat(client.get("/v2/shop/web/blobs/" + Digest.of(NONE)).statusCode()).isEqualTo(404);
    assertThat(debris()).isZero();
  }

  @Test
  void forgetsAnUploadThatIsCancelledOrAbandoned() throws Exception {
    String cancelled = begin();
    assertThat(client.send("DELETE", cancelled, NONE).statusCode()).isEqualTo(204);
    String abandoned = begin();
    assertThat(debris()).isEqualTo(1);
    harbor.advance(Duration.ofHours(2));
    client.send("DELETE", begin(), NONE);
    assertThat(client.get(abandoned).statusCode()).isEqualTo(404);
    assertThat(debris()).isZero();
  }

  @Test
  void leavesNothingOfAnUploadThatIsCut() throws Exception {
    String upload = begin();
    int port = Integer.parseInt(harbor.authority().substring("127.0.0.1:".length()));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              ("PATCH "
                      + upload
                      + " HTTP/1.1\r\nHost: x\r\nAuthorization: "
                      + harbor.authorization()
                      + "\r\nContent-Length: 1000000\r\n\r\nonly a little")
                  .getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    }
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (debris() > 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(debris()).isZero();
    assertThat(client.get(upload).statusCode()).isEqualTo(404);
  }

  @Test
  void takesTheSameBlobFromSixteenClientsAtOnce() throws Exception {
    byte[] content = new byte[500_000];
    try (var pushers = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Callable<Digest>>();
      for (int i = 0; i < 16; i++) {
        all.add(() -> client.blob("shop/web", content));
      }
      for (Future<Digest> pushed : pushers.invokeAll(all)) {
        assertThat(pushed.get()).isEqualTo(Digest.of(content));
      }
    }
    assertThat(client.get("/v2/shop/web/blobs/" + Digest.of(content)).body()).isEqualTo(content);
    assertThat(debris()).isZero();
  }

  @Test
  void mountsOnlyWhatTheCallerCouldPull() throws Exception {
    harbor.repository("shop/other");
    harbor.repository("secret");
    Digest open = client.blob("shop/web", HELLO);
    Digest closed = client.blob("secret", new byte[] {42});
    harbor.deny("ecr:GetDownloadUrlForLayer arn:aws:ecr:us-east-1:123456789012:repository/secret");
    HttpResponse<byte[]> mounted =
        client.send("POST", "/v2/shop/other/blobs/uploads/?from=shop/web&mount=" + open, NONE);
    assertThat(mounted.statusCode()).isEqualTo(201);
    assertThat(client.get("/v2/shop/other/blobs/" + open).body()).isEqualTo(HELLO);
    HttpResponse<byte[]> refused =
        client.send("POST", "/v2/shop/other/blobs/uploads/?from=secret&mount=" + closed, NONE);
    assertThat(refused.statusCode()).isEqualTo(202);
    assertThat(client.get("/v2/shop/other/blobs/" + closed).statusCode()).isEqualTo(404);
  }

  @Test
  void keepsManifestsExactlyAndInOrder() throws Exception {
    byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
    byte[] manifest = OciClient.manifest(config, HELLO);
    HttpResponse<byte[]> early = client.putManifest("shop/web", "1", manifest);
    assertThat(early.statusCode()).isEqualTo(400);
    assertThat(text(early)).contains("MANIFEST_BLOB_UNKNOWN");
    client.blob("shop/web", config);
    client.blob("shop/web", HELLO);
    HttpResponse<byte[]> put = client.putManifest("shop/web", "1", manifest);
    assertThat(put.statusCode()).isEqualTo(201);
    Digest digest = Digest.of(manifest);
    assertThat(header(put, "Docker-Content-Digest")).isEqualTo(digest.text());
    for (String reference : new String[] {"1", digest.text()}) {
      HttpResponse<byte[]> got = client.get("/v2/shop/web/manifests/" + reference);
      assertThat(got.body()).isEqualTo(manifest);
      assertThat(header(got, "Content-Type")).isEqualTo(ManifestParser.OCI_MANIFEST);
      HttpResponse<byte[]> head = client.send("HEAD", "/v2/shop/web/manifests/" + reference, NONE);
      assertThat(header(head, "Content-Length")).isEqualTo(Integer.toString(manifest.length));
    }
    assertThat(harbor.events()).extracting(e -> e.name()).contains("PutImage", "BatchGetImage");
    HttpResponse<byte[]> wrong = client.putManifest("shop/web", Digest.of(NONE).text(), manifest);
    assertThat(text(wrong)).contains("DIGEST_INVALID");
  }

  @Test
  void refusesASizeThatTheBlobDoesNotHave() throws Exception {
    byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
    client.blob("shop/web", config);
    String lie =
        new String(OciClient.manifest(config), StandardCharsets.UTF_8)
            .replace("\"size\":2", "\"size\":3");
    HttpResponse<byte[]> response =
        client.putManifest("shop/web", "1", lie.getBytes(StandardCharsets.UTF_8));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(text(response)).contains("MANIFEST_INVALID");
  }

  @Test
  void refusesAManifestOverFourMebibytes() throws Exception {
    HttpResponse<byte[]> response =
        client.putManifest("shop/web", "1", new byte[4 * 1024 * 1024 + 1]);
    assertThat(response.statusCode()).isEqualTo(413);
  }

  @Test
  void saysWhichRepositoryIsMissing() throws Exception {
    HttpResponse<byte[]> response = client.send("POST", "/v2/nowhere/blobs/uploads/", NONE);
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(text(response))
        .contains(
            "NAME_UNKNOWN",
            "The repository with name 'nowhere' does not exist in the registry with id"
                + " '123456789012'");
  }
}
