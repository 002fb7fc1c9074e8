// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.registry.plan.OciPath.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OciPathTest {
  @ParameterizedTest
  @CsvSource({
    "/v2/, BASE, '', ''",
    "/v2, BASE, '', ''",
    "/v2/a/b/manifests/1.0, MANIFEST, a/b, 1.0",
    "/v2/a/manifests/sha256%3Aab, MANIFEST, a, sha256:ab",
    "/v2/a/b/blobs/uploads/, UPLOADS, a/b, ''",
    "/v2/a/b/blobs/uploads, UPLOADS, a/b, ''",
    "/v2/a/blobs/uploads/u-1, UPLOAD, a, u-1",
    "/v2/a/blobs/sha256:ab, BLOB, a, sha256:ab",
    "/v2/a/blobs/tags/list, TAGS, a/blobs, ''",
    "/v2/manifests/manifests/1, MANIFEST, manifests, 1",
    "/v2/a/referrers/sha256:ab, REFERRERS, a, sha256:ab"
  })
  void takesPathsApart(String path, Kind kind, String name, String reference) {
    assertThat(OciPath.parse(path)).contains(new OciPath(kind, name, reference));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/a", "/v2/a/b", "/v2/manifests/1", "/v2/%zz", "/v1/", "/v2/a/x/y"})
  void leadsNowhereElse(String path) {
    assertThat(OciPath.parse(path)).isEmpty();
  }

  @Test
  void readsRanges() {
    assertThat(ByteRange.asked("bytes=2-", 10))
        .isEqualTo(new ByteRange.Asked.Part(new ByteRange(2, 9)));
    assertThat(ByteRange.asked("bytes=-3", 10))
        .isEqualTo(new ByteRange.Asked.Part(new ByteRange(7, 9)));
    assertThat(ByteRange.asked("bytes=0-99", 10))
        .isEqualTo(new ByteRange.Asked.Part(new ByteRange(0, 9)));
    assertThat(ByteRange.asked("bytes=10-", 10)).isEqualTo(new ByteRange.Asked.Unsatisfiable());
    assertThat(ByteRange.asked("bytes=0-1,3-4", 10)).isEqualTo(new ByteRange.Asked.Whole());
    assertThat(ByteRange.content("5-9")).contains(new ByteRange(5, 9));
    assertThat(ByteRange.content("9-5")).isEmpty();
  }
}
