// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ecr.DescribeImagesRequest;
import dev.holdfast.aws.ecr.DescribeImagesResponse;
import dev.holdfast.aws.ecr.ImageDetail;
import dev.holdfast.aws.ecr.ImageIdentifier;
import dev.holdfast.aws.ecr.ListImagesFilter;
import dev.holdfast.aws.ecr.ListImagesRequest;
import dev.holdfast.aws.ecr.ListImagesResponse;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.registry.RegistryHarbor;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.ImageTag;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.registry.model.TagMutability;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Origin;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.RequestId;
import dev.holdfast.service.Seal;
import dev.holdfast.service.State;
import dev.holdfast.store.CountedStore;
import dev.holdfast.store.Database;
import dev.holdfast.store.Tx;
import dev.holdfast.store.memory.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What listings of images show, against a plain model, and what they read for it. */
final class ListingTest {
  private static final AccountId ACCOUNT = RegistryHarbor.ACCOUNT;
  private static final Region REGION = RegistryHarbor.REGION;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final CountedStore store = new CountedStore(new MemoryStore());
  private final State state = new State(new Database(store));
  private final PageTokens pages = new PageTokens(new Seal(new byte[32], new SecureRandom()));
  private final ListImages listing = new ListImages(state, pages);
  private final DescribeImages described = new DescribeImages(state, pages);

  /** Makes a repository with images that have so many tags each; the tags by digest, in order. */
  private Map<String, List<String>> repository(String name, List<Integer> tags) {
    var id = new RepositoryId(ACCOUNT, REGION, name);
    var made = new TreeMap<String, List<String>>();
    state.own(
        tx -> {
          tx.put(
              RegistryTables.REPOSITORIES,
              ACCOUNT,
              id,
              new Repository(ACCOUNT, REGION, name, NOW, TagMutability.MUTABLE, List.of()));
          for (int i = 0; i < tags.size(); i++) {
            made.putAll(image(tx, id, i, tags.get(i)));
          }
          return id;
        });
    return made;
  }

  private static Map<String, List<String>> image(Tx tx, RepositoryId id, int number, int tags) {
    byte[] manifest = (id.name() + number).getBytes(StandardCharsets.UTF_8);
    Digest digest = Digest.of(manifest);
    var image =
        new Image(REGION, id.name(), digest, "m", null, 1, 1, NOW, List.of(), List.of(), null);
    Images.put(tx, id, image, manifest);
    var names = new ArrayList<String>();
    for (int i = 0; i < tags; i++) {
      String tag = "t" + number + "-" + i;
      names.add(tag);
      Images.tag(tx, id, new ImageTag(REGION, id.name(), tag, digest, NOW));
    }
    names.sort(Comparator.naturalOrder());
    return Map.of(digest.text(), names);
  }

  private static Call call(String name) {
    var log =
        new AuditLog() {
          @Override
          public void stage(Tx tx, AccountId account, Region region, AuditEvent event) {}

          @Override
          public void append(AccountId account, Region region, AuditEvent event) {}
        };
    return new Call(
        new RequestId("r"),
        RegistryHarbor.user(ACCOUNT, "AKIA1"),
        REGION,
        NOW,
        new Origin("127.0.0.1", "test", true),
        List.of(),
        new CallRecord(log, "e", "ecr.amazonaws.com", name));
  }

  private ListImagesResponse page(
      String repository, int size, @Nullable String status, @Nullable String token) {
    var request =
        ListImagesRequest.builder().repositoryName(repository).maxResults(size).nextToken(token);
    if (status != null) {
      request.filter(ListImagesFilter.builder().tagStatus(status).build());
    }
    return listing.handle(call("ListImages"), request.build());
  }

  private List<String> all(String repository, int size, @Nullable String status) {
    var found = new ArrayList<String>();
    String token = null;
    do {
      ListImagesResponse page = page(repository, size, status, token);
      assertThat(page.imageIds()).hasSizeLessThanOrEqualTo(size);
      page.imageIds().forEach(id -> found.add(text(id)));
      token = page.nextToken();
    } while (token != null);
    return found;
  }

  private static String text(ImageIdentifier id) {
    return id.imageDigest() + " " + id.imageTag();
  }

  private static List<String> expected(Map<String, List<String>> images, @Nullable String status) {
    var all = new ArrayList<String>();
    images.forEach(
        (digest, tags) -> {
          if (tags.isEmpty() && !"TAGGED".equals(status)) {
            all.add(digest + " null");
          } else if (!"UNTAGGED".equals(status)) {
            tags.forEach(tag -> all.add(digest + " " + tag));
          }
        });
    return all;
  }

  @Test
  void listsEachTagOnceWhateverThePages() {
    var random = new Random(5);
    var counts = random.ints(40, 0, 4).boxed().toList();
    Map<String, List<String>> images = repository("shop/web", counts);
    repository("shop/web2", List.of(1, 2));
    repository("shop", List.of(1, 0));
    for (int size : new int[] {1, 2, 3, 7, 39, 100}) {
      for (String status : new String[] {"", "TAGGED", "UNTAGGED"}) {
        String asked = status.isEmpty() ? null : status;
        assertThat(all("shop/web", size, asked))
            .as("%s in pages of %d", status, size)
            .isEqualTo(expected(images, asked));
      }
    }
  }

  @Test
  void describesEachImageWithItsTags() {
    Map<String, List<String>> images = repository("shop/web", List.of(0, 3, 1, 0, 2));
    var shown = new TreeMap<String, List<String>>();
    String token = null;
    do {
      DescribeImagesResponse page =
          described.handle(
              call("DescribeImages"),
              DescribeImagesRequest.builder()
                  .repositoryName("shop/web")
                  .maxResults(2)
                  .nextToken(token)
                  .build());
      for (ImageDetail detail : page.imageDetails()) {
        shown.put(Objects.requireNonNull(detail.imageDigest()), detail.imageTags());
      }
      token = page.nextToken();
    } while (token != null);
    assertThat(shown).isEqualTo(images);
  }

  /** Where few pass, a page is short and has a next one: no call reads a whole repository. */
  @Test
  void looksAtABoundedNumberOfImagesForAFilteredPage() {
    var tags = new ArrayList<>(Collections.nCopies(2 * PageTokens.MOST_READ, 0));
    tags.set(7, 1);
    Map<String, List<String>> images = repository("shop/untagged", tags);
    store.reset();
    ListImagesResponse page = page("shop/untagged", 10, "TAGGED", null);
    assertThat(page.nextToken()).isNotNull();
    assertThat(store.entries()).isLessThan(PageTokens.MOST_READ + 300);
    assertThat(all("shop/untagged", 10, "TAGGED")).isEqualTo(expected(images, "TAGGED"));
  }

  @Test
  void readsAsOftenForAPageOfAHundredAsForOneOfTen() {
    for (int i = 0; i < 5; i++) {
      repository("shop/r" + i, Collections.nCopies(300, 1));
    }
    var reads = new ArrayList<Integer>();
    for (int size : new int[] {10, 100}) {
      for (int i = 0; i < 5; i++) {
        store.reset();
        assertThat(page("shop/r" + i, size, null, null).imageIds()).hasSize(size);
        reads.add(store.reads());
        assertThat(store.entries()).isLessThanOrEqualTo(2 * (size + 1) + 5);
      }
    }
    assertThat(reads).as("none for each image").allSatisfy(n -> assertThat(n).isBetween(1, 5));
  }
}
