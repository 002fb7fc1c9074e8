// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

import static dev.holdfast.registry.model.RegistryTables.IMAGES;
import static dev.holdfast.registry.model.RegistryTables.LINKS;
import static dev.holdfast.registry.model.RegistryTables.MANIFESTS;
import static dev.holdfast.registry.model.RegistryTables.TAGS;

import dev.holdfast.registry.model.RegistryTables.Content;
import dev.holdfast.registry.model.RegistryTables.TagId;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a repository holds, read and changed inside one state. */
public final class Images {
  private Images() {}

  public static @Nullable Image find(View view, RepositoryId repository, Digest digest) {
    return view.get(IMAGES, repository.account(), new Content(repository, digest));
  }

  /** The image a tag names. */
  public static Optional<Digest> tagged(View view, RepositoryId repository, String tag) {
    return Optional.ofNullable(view.get(TAGS, repository.account(), new TagId(repository, tag)))
        .map(ImageTag::digest);
  }

  /** The image that a tag or a digest names, or null where the repository has none such. */
  public static @Nullable Image named(View view, RepositoryId repository, String reference) {
    Optional<Digest> digest = Digest.parse(reference);
    if (digest.isEmpty()) {
      digest = tagged(view, repository, reference);
    }
    return digest.isEmpty() ? null : find(view, repository, digest.get());
  }

  /** The exact bytes of an image that exists; never others than its digest says. */
  public static byte[] manifest(View view, RepositoryId repository, Digest digest) {
    Manifest manifest = view.get(MANIFESTS, repository.account(), new Content(repository, digest));
    if (manifest == null) {
      throw new IllegalStateException("an image has no manifest");
    }
    if (!Digest.of(manifest.bytes()).equals(digest)) {
      throw new IllegalStateException("a manifest has other bytes than its digest says: " + digest);
    }
    return manifest.bytes();
  }

  public static List<Image> all(View view, RepositoryId repository) {
    return view.list(IMAGES, repository.account(), repository.region().name(), repository.name());
  }

  /**
   * Some images of a repository in the order of digests, after one of them or from the first on.
   */
  public static List<Image> after(
      View view, RepositoryId repository, @Nullable Digest digest, int limit) {
    return view.list(
        IMAGES,
        repository.account(),
        List.of(repository.region().name(), repository.name()),
        digest == null ? null : new Content(repository, digest),
        limit);
  }

  public static boolean isEmpty(View view, RepositoryId repository) {
    return view.isEmpty(
        IMAGES, repository.account(), repository.region().name(), repository.name());
  }

  /** Every tag of a repository, in order. */
  public static List<ImageTag> tags(View view, RepositoryId repository) {
    return view.list(TAGS, repository.account(), repository.region().name(), repository.name());
  }

  /** The tags that name an image, in order. */
  public static List<String> tags(View view, RepositoryId repository, Digest digest) {
    return view
        .byIndex(
            TAGS,
            repository.account(),
            "digest",
            repository.region().name(),
            repository.name(),
            digest.text())
        .stream()
        .map(ImageTag::tag)
        .toList();
  }

  /** The tags of the images from one to another in the order of digests, each image's in order. */
  public static Map<Digest, List<String>> tags(
      View view, RepositoryId repository, Digest first, Digest last) {
    var tags = new HashMap<Digest, List<String>>();
    for (View.IndexEntry<List<String>> entry :
        view.entries(
            TAGS,
            repository.account(),
            "digest",
            new Content(repository, first).segments(),
            new Content(repository, last).segments())) {
      tags.computeIfAbsent(new Digest(entry.segments().getLast()), _ -> new ArrayList<>())
          .add(entry.row().getLast());
    }
    return tags;
  }

  /** The indexes that list an image. */
  public static List<Image> parents(View view, RepositoryId repository, Digest digest) {
    return by(view, repository, "child", digest);
  }

  /** The images that are about an image. */
  public static List<Image> referrers(View view, RepositoryId repository, Digest subject) {
    return by(view, repository, "subject", subject);
  }

  private static List<Image> by(View view, RepositoryId repository, String index, Digest digest) {
    return view.byIndex(
        IMAGES,
        repository.account(),
        index,
        repository.region().name(),
        repository.name(),
        digest.text());
  }

  public static @Nullable BlobLink blob(View view, RepositoryId repository, Digest digest) {
    return view.get(LINKS, repository.account(), new Content(repository, digest));
  }

  public static void link(Tx tx, RepositoryId repository, BlobLink link) {
    tx.put(LINKS, repository.account(), new Content(repository, link.digest()), link);
  }

  /** Keeps an image with its bytes. */
  public static void put(Tx tx, RepositoryId repository, Image image, byte[] manifest) {
    var key = new Content(repository, image.digest());
    tx.put(IMAGES, repository.account(), key, image);
    tx.put(MANIFESTS, repository.account(), key, new Manifest(manifest));
  }

  public static void tag(Tx tx, RepositoryId repository, ImageTag tag) {
    tx.put(TAGS, repository.account(), new TagId(repository, tag.tag()), tag);
  }

  public static void untag(Tx tx, RepositoryId repository, String tag) {
    tx.delete(TAGS, repository.account(), new TagId(repository, tag));
  }

  /** Removes an image with its tags; the blobs stay linked until they are collected. */
  public static void delete(Tx tx, RepositoryId repository, Digest digest) {
    tags(tx, repository, digest).forEach(tag -> untag(tx, repository, tag));
    var key = new Content(repository, digest);
    tx.delete(IMAGES, repository.account(), key);
    tx.delete(MANIFESTS, repository.account(), key);
  }

  /** Removes everything that a repository holds. */
  public static void deleteAll(Tx tx, RepositoryId repository) {
    all(tx, repository).forEach(image -> delete(tx, repository, image.digest()));
    for (BlobLink link : links(tx, repository)) {
      tx.delete(LINKS, repository.account(), new Content(repository, link.digest()));
    }
  }

  /**
   * Removes the links of blobs that no image lists and that came before {@code since}.
   *
   * @return how many went
   */
  public static int unlinkUnused(Tx tx, RepositoryId repository, Instant since) {
    Set<Digest> used = new HashSet<>();
    all(tx, repository).forEach(image -> used.addAll(image.blobs()));
    int gone = 0;
    for (BlobLink link : links(tx, repository)) {
      if (!used.contains(link.digest()) && link.at().isBefore(since)) {
        tx.delete(LINKS, repository.account(), new Content(repository, link.digest()));
        gone++;
      }
    }
    return gone;
  }

  /** Every blob that any repository holds or any image lists, in the order of their digests. */
  public static SortedSet<Digest> blobs(View view) {
    var named = new TreeSet<Digest>(Comparator.comparing(Digest::text));
    view.each(LINKS, link -> named.add(link.digest()));
    view.each(IMAGES, image -> named.addAll(image.blobs()));
    return named;
  }

  private static List<BlobLink> links(View view, RepositoryId repository) {
    return view.list(LINKS, repository.account(), repository.region().name(), repository.name());
  }
}
