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
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TagsTest {
  private static final byte[] NONE = {};
  private static final byte[] CONFIG = "{}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path root;
  private RegistryHarbor harbor;
  private OciClient client;

  @SuppressWarnings("NullAway.Init")
  TagsTest() {}

  @BeforeEach
  void start() throws Exception {
    harbor = new RegistryHarbor(FileBlobStore.open(root), Profile.STANDARD, 0);
    harbor.repository("shop/web");
    client = new OciClient(harbor, harbor.authorization());
  }

  @AfterEach
  void stop() {
    client.close();
    harbor.close();
  }

  @Test
  void movesNoImmutableTag() throws Exception {
    Digest first = client.image("shop/web", "1", "first");
    client.blob("shop/web", new byte[] {2});
    HttpResponse<byte[]> moved =
        client.putManifest("shop/web", "1", OciClient.manifest(CONFIG, new byte[] {2}));
    assertThat(moved.statusCode()).isEqualTo(400);
    assertThat(text(moved))
        .contains("TAG_INVALID", "already exists in the 'shop/web' repository", "immutable");
    assertThat(client.image("shop/web", "1", "first")).isEqualTo(first);
    assertThat(header(client.get("/v2/shop/web/manifests/1"), "Docker-Content-Digest"))
        .isEqualTo(first.text());
  }

  @Test
  void letsOneOfManyTakeAnImmutableTag() throws Exception {
    client.blob("shop/web", CONFIG);
    var manifests = new ArrayList<byte[]>();
    for (byte i = 0; i < 32; i++) {
      client.blob("shop/web", new byte[] {i});
      manifests.add(OciClient.manifest(CONFIG, new byte[] {i}));
    }
    int won = 0;
    try (var racers = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Callable<Integer>>();
      manifests.forEach(m -> all.add(() -> client.putManifest("shop/web", "1", m).statusCode()));
      for (Future<Integer> status : racers.invokeAll(all)) {
        won += status.get() == 201 ? 1 : 0;
        assertThat(status.get()).isIn(201, 400);
      }
    }
    assertThat(won).isEqualTo(1);
  }

  @Test
  void listsTagsInPages() throws Exception {
    for (String tag : new String[] {"c", "a", "b"}) {
      client.image("shop/web", tag, "same");
    }
    HttpResponse<byte[]> first = client.get("/v2/shop/web/tags/list?n=2");
    assertThat(text(first)).isEqualTo("{\"name\":\"shop/web\",\"tags\":[\"a\",\"b\"]}");
    String link = header(first, "Link");
    assertThat(link).endsWith("; rel=\"next\"");
    HttpResponse<byte[]> second = client.get(link.substring(1, link.indexOf('>')));
    assertThat(text(second)).contains("[\"c\"]");
    assertThat(header(second, "Link")).isEmpty();
    HttpResponse<byte[]> none = client.get("/v2/shop/web/tags/list?n=0");
    assertThat(text(none)).contains("[]");
    assertThat(header(none, "Link")).isEmpty();
  }

  @Test
  void findsWhatRefersToAnImage() throws Exception {
    Digest subject = client.image("shop/web", "1", "image");
    String referrer =
        "{\"schemaVersion\":2,\"artifactType\":\"application/sig\",\"config\":"
            + OciClient.descriptor("application/vnd.oci.empty.v1+json", CONFIG)
            + ",\"layers\":[],\"subject\":{\"mediaType\":\""
            + ManifestParser.OCI_MANIFEST
            + "\",\"digest\":\""
            + subject
            + "\",\"size\":1},\"annotations\":{\"a\":\"b\"}}";
    byte[] bytes = referrer.getBytes(StandardCharsets.UTF_8);
    HttpResponse<byte[]> put = client.putManifest("shop/web", Digest.of(bytes).text(), bytes);
    assertThat(put.statusCode()).isEqualTo(201);
    assertThat(header(put, "OCI-Subject")).isEqualTo(subject.text());
    HttpResponse<byte[]> all = client.get("/v2/shop/web/referrers/" + subject);
    assertThat(text(all)).contains(Digest.of(bytes).text(), "application/sig", "\"a\":\"b\"");
    HttpResponse<byte[]> other =
        client.get("/v2/shop/web/referrers/" + subject + "?artifactType=x");
    assertThat(text(other)).contains("\"manifests\":[]");
    assertThat(header(other, "OCI-Filters-Applied")).isEqualTo("artifactType");
  }

  @Test
  void keepsTheImagesOfAnIndex() throws Exception {
    Digest child = client.image("shop/web", "child", "image");
    byte[] manifest = client.get("/v2/shop/web/manifests/child").body();
    byte[] index =
        ("{\"schemaVersion\":2,\"manifests\":["
                + OciClient.descriptor(ManifestParser.OCI_MANIFEST, manifest)
                + "]}")
            .getBytes(StandardCharsets.UTF_8);
    assertThat(
            client
                .send(
                    "PUT",
                    "/v2/shop/web/manifests/all",
                    index,
                    "Content-Type",
                    ManifestParser.OCI_INDEX)
                .statusCode())
        .isEqualTo(201);
    assertThat(client.send("DELETE", "/v2/shop/web/manifests/" + child, NONE).statusCode())
        .isEqualTo(400);
    assertThat(
            client.send("DELETE", "/v2/shop/web/manifests/" + Digest.of(index), NONE).statusCode())
        .isEqualTo(202);
    assertThat(client.get("/v2/shop/web/manifests/all").statusCode()).isEqualTo(404);
    assertThat(client.send("DELETE", "/v2/shop/web/manifests/" + child, NONE).statusCode())
        .isEqualTo(202);
    assertThat(client.get("/v2/shop/web/manifests/child").statusCode()).isEqualTo(404);
  }
}
