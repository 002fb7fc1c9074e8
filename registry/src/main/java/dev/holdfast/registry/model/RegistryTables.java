// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

import dev.holdfast.kit.Region;
import dev.holdfast.store.Table;
import java.util.List;

/** The registry's tables. */
public final class RegistryTables {
  /** Something of a repository that a digest names. */
  public record Content(RepositoryId repository, Digest digest) {
    List<String> segments() {
      return List.of(repository.region().name(), repository.name(), digest.text());
    }
  }

  /** A tag of a repository. */
  public record TagId(RepositoryId repository, String tag) {
    private List<String> segments() {
      return List.of(repository.region().name(), repository.name(), tag);
    }
  }

  /** An address that this registry has, or once had: stored image names may still say it. */
  public record Address(String authority) {}

  /** Rows of the platform. */
  public static final Table<String, Address> ADDRESSES =
      Table.of("ecr-addresses", Address.class, List::of);

  public static final Table<RepositoryId, Repository> REPOSITORIES =
      Table.of("ecr-repositories", Repository.class, id -> List.of(id.region().name(), id.name()));

  /** The policy of an account's registry in a region. */
  public static final Table<Region, RegistryPolicy> POLICIES =
      Table.of("ecr-registry-policies", RegistryPolicy.class, region -> List.of(region.name()));

  /** Finds images by {@code child} (the images of an index) and {@code subject}. */
  public static final Table<Content, Image> IMAGES =
      Table.of("ecr-images", Image.class, Content::segments)
          .index(
              "child",
              image -> image.manifests().stream().distinct().map(d -> entry(image, d)).toList())
          .index(
              "subject",
              image -> {
                Digest subject = image.subject();
                return subject == null ? List.of() : List.of(entry(image, subject));
              });

  public static final Table<Content, Manifest> MANIFESTS =
      Table.of("ecr-manifests", Manifest.class, Content::segments);

  /** Finds tags by {@code digest}. */
  public static final Table<TagId, ImageTag> TAGS =
      Table.of("ecr-tags", ImageTag.class, TagId::segments)
          .index(
              "digest",
              tag -> List.of(List.of(tag.region().name(), tag.repository(), tag.digest().text())));

  public static final Table<Content, BlobLink> LINKS =
      Table.of("ecr-blob-links", BlobLink.class, Content::segments);

  /** Where the scrub stands: one row of the platform. */
  public static final Table<String, ScrubState> SCRUB =
      Table.of("ecr-scrub", ScrubState.class, List::of);

  private RegistryTables() {}

  private static List<String> entry(Image image, Digest digest) {
    return List.of(image.region().name(), image.repository(), digest.text());
  }
}
