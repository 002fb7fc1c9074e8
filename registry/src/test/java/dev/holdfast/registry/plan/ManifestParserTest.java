// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.plan.ManifestParser.Result;
import dev.holdfast.registry.plan.ParsedManifest.Descriptor;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestParserTest {
  private static final Digest A = Digest.of(new byte[] {1});
  private static final Digest B = Digest.of(new byte[] {2});

  private static Result parse(String json, String type) {
    return ManifestParser.parse(json.getBytes(StandardCharsets.UTF_8), type);
  }

  private static String descriptor(Digest digest, String more) {
    return "{\"digest\":\"" + digest + "\",\"size\":1" + more + "}";
  }

  @Test
  void readsDockersManifest() {
    String json =
        "{\"schemaVersion\":2,\"mediaType\":\""
            + ManifestParser.DOCKER_MANIFEST
            + "\",\"config\":"
            + descriptor(A, ",\"mediaType\":\"application/x\"")
            + ",\"layers\":["
            + descriptor(B, "")
            + "]}";
    assertThat(parse(json, ManifestParser.DOCKER_MANIFEST + "; charset=utf-8"))
        .isInstanceOfSatisfying(
            Result.Parsed.class,
            parsed -> {
              assertThat(parsed.manifest().mediaType()).isEqualTo(ManifestParser.DOCKER_MANIFEST);
              assertThat(parsed.manifest().artifactType()).isEqualTo("application/x");
              assertThat(parsed.manifest().blobs())
                  .containsExactly(new Descriptor(A, 1), new Descriptor(B, 1));
            });
  }

  @Test
  void leavesOutLayersThatLiveElsewhere() {
    String json =
        "{\"schemaVersion\":2,\"config\":"
            + descriptor(A, "")
            + ",\"layers\":["
            + descriptor(
                B,
                ",\"urls\":[\"https://example.com\"],\"mediaType\":"
                    + "\"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip\"")
            + "]}";
    assertThat(parse(json, ManifestParser.DOCKER_MANIFEST))
        .isInstanceOfSatisfying(
            Result.Parsed.class, parsed -> assertThat(parsed.manifest().blobs()).hasSize(1));
  }

  @Test
  void readsAnIndexWithItsSubject() {
    String json =
        "{\"schemaVersion\":2,\"manifests\":["
            + descriptor(A, "")
            + "],\"subject\":"
            + descriptor(B, "")
            + "}";
    assertThat(parse(json, ""))
        .isInstanceOfSatisfying(
            Result.Parsed.class,
            parsed -> {
              assertThat(parsed.manifest().mediaType()).isEqualTo(ManifestParser.OCI_INDEX);
              assertThat(parsed.manifest().manifests()).containsExactly(new Descriptor(A, 1));
              assertThat(parsed.manifest().subject()).isEqualTo(new Descriptor(B, 1));
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"schemaVersion\":1}",
        "{\"schemaVersion\":2,\"config\":{},\"layers\":[]}",
        "{\"schemaVersion\":2,\"config\":{\"digest\":\"sha256:00\",\"size\":1},\"layers\":[]}",
        "{\"schemaVersion\":2,\"mediaType\":\"application/x\"}",
        "{\"schemaVersion\":2,\"schemaVersion\":2}"
      })
  void refusesEverythingElse(String json) {
    assertThat(parse(json, ManifestParser.OCI_MANIFEST)).isInstanceOf(Result.Malformed.class);
  }
}
