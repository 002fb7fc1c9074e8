// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.kit.fuzz.Fuzz;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.RepositoryId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanFuzzTest {
  private static final String AUTHORITY = "127.0.0.1:4566";
  private static final AccountId CALLER = new AccountId("111122223333");
  private static final Region REGION = new Region("eu-west-1");

  @Test
  void referencesNameTheSameImageHoweverTheyAreWritten() {
    Fuzz.run(PlanFuzzTest.class, "reference", PlanFuzzTest::reference);
  }

  static String reference(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    return path(text)
        + switch (ImageReference.parse(text, AUTHORITY, CALLER, REGION)) {
          case ImageReference.Own own -> {
            assertThat(RepositoryId.isName(own.repository())).isTrue();
            assertThat(own.tag() != null || own.digest() != null).isTrue();
            String again =
                own.account()
                    + ".dkr.ecr."
                    + own.region()
                    + ".amazonaws.com/"
                    // Said twice: a name may begin like an account's.
                    + own.account()
                    + "/"
                    + own.repository()
                    + (own.tag() == null ? "" : ":" + own.tag())
                    + (own.digest() == null ? "" : "@" + own.digest());
            assertThat(ImageReference.parse(again, AUTHORITY, CALLER, REGION)).isEqualTo(own);
            // As an ordinary reference it is none that the grammar refuses.
            assertThat(ImageReference.REFERENCE.matcher(again).matches()).isTrue();
            yield " own " + (own.tag() == null) + (own.digest() == null);
          }
          case ImageReference.Foreign foreign -> {
            assertThat(foreign.text()).isEqualTo(text).doesNotContain(" ", "\n", "/..", "?", "#");
            yield " foreign";
          }
          case ImageReference.Malformed malformed ->
              " malformed " + malformed.reason().length() % 7;
        };
  }

  private static String path(String text) {
    Optional<OciPath> path = OciPath.parse(text);
    if (path.isEmpty()) {
      return "nowhere";
    }
    String written = written(path.get());
    assertThat(OciPath.parse(written)).isEqualTo(path);
    Optional<RepositoryId> repository = RepositoryId.addressed(path.get().name(), CALLER, REGION);
    repository.ifPresent(
        id -> assertThat(id.name()).doesNotContain("..", "//", "%").doesNotStartWith("/"));
    return path.get().kind() + " " + repository.isPresent();
  }

  private static String written(OciPath path) {
    String reference = escaped(path.reference());
    String in = "/v2/" + escaped(path.name());
    return switch (path.kind()) {
      case BASE -> "/v2/";
      case CATALOG -> "/v2/_catalog";
      case UPLOADS -> in + "/blobs/uploads/";
      case UPLOAD -> in + "/blobs/uploads/" + reference;
      case BLOB -> in + "/blobs/" + reference;
      case MANIFEST -> in + "/manifests/" + reference;
      case TAGS -> in + "/tags/list";
      case REFERRERS -> in + "/referrers/" + reference;
    };
  }

  private static String escaped(String text) {
    return text.replace("%", "%25");
  }

  @Test
  void rangesAreWhatArithmeticSays() {
    Fuzz.run(PlanFuzzTest.class, "range", PlanFuzzTest::range);
  }

  static String range(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    var kinds = new StringBuilder();
    for (long size : new long[] {0, 1, 10, 1000, Long.MAX_VALUE}) {
      switch (ByteRange.asked(text, size)) {
        case ByteRange.Asked.Part(ByteRange range) -> {
          assertThat(range.first()).isNotNegative();
          assertThat(range.last()).isGreaterThanOrEqualTo(range.first()).isLessThan(size);
          assertThat(range.length()).isPositive().isLessThanOrEqualTo(size);
          assertThat(range).isEqualTo(plainly(text, size));
          kinds.append('p');
        }
        case ByteRange.Asked.Unsatisfiable() -> {
          assertThat(plainly(text, size)).isNull();
          kinds.append('u');
        }
        case ByteRange.Asked.Whole() -> kinds.append('w');
      }
    }
    Optional<ByteRange> content = ByteRange.content(text);
    content.ifPresent(
        range -> {
          assertThat(range.length()).isPositive();
          assertThat(ByteRange.content(range.first() + "-" + range.last())).contains(range);
        });
    return kinds + " " + content.isPresent();
  }

  /** RFC 9110, 14.1.2, with numbers of any size. */
  private static @org.jspecify.annotations.Nullable ByteRange plainly(String text, long size) {
    String[] ends = text.strip().substring("bytes=".length()).split("-", -1);
    BigInteger all = BigInteger.valueOf(size);
    BigInteger first;
    BigInteger last;
    if (ends[0].isEmpty()) {
      first = all.subtract(new BigInteger(ends[1])).max(BigInteger.ZERO);
      last = all.subtract(BigInteger.ONE);
    } else {
      first = new BigInteger(ends[0]);
      last = all.subtract(BigInteger.ONE);
      last = ends[1].isEmpty() ? last : last.min(new BigInteger(ends[1]));
    }
    return first.compareTo(last) > 0 ? null : new ByteRange(first.longValue(), last.longValue());
  }

  @Test
  void manifestsListWhatTheirJsonLists() {
    Fuzz.run(PlanFuzzTest.class, "manifest", PlanFuzzTest::manifest);
  }

  static String manifest(byte[] input) {
    var kinds = new StringBuilder();
    for (String type : List.of("", ManifestParser.OCI_MANIFEST, ManifestParser.DOCKER_LIST)) {
      switch (ManifestParser.parse(input, type)) {
        case ManifestParser.Result.Malformed(String reason) -> {
          assertThat(reason).isNotEmpty();
          kinds.append(reason.length() % 10);
        }
        case ManifestParser.Result.Parsed(ParsedManifest manifest) -> {
          String text = new String(input, StandardCharsets.UTF_8);
          assertThat(type.isEmpty() || manifest.mediaType().equals(type)).isTrue();
          manifest.blobs().forEach(blob -> listed(text, blob));
          manifest.manifests().forEach(child -> listed(text, child));
          // An index lists no blobs and an image no manifests, whatever the type that was said.
          assertThat(manifest.blobs().isEmpty() || manifest.manifests().isEmpty()).isTrue();
          assertThat(ManifestParser.parse(input, manifest.mediaType()))
              .isEqualTo(new ManifestParser.Result.Parsed(manifest));
          kinds.append('m').append(Math.min(9, manifest.blobs().size()));
        }
      }
    }
    return kinds.toString();
  }

  private static void listed(String text, ParsedManifest.Descriptor descriptor) {
    assertThat(descriptor.size()).isNotNegative();
    assertThat(Digest.parse(descriptor.digest().text())).contains(descriptor.digest());
    assertThat(text.contains(descriptor.digest().hex()) || text.contains("\\u")).isTrue();
  }
}
