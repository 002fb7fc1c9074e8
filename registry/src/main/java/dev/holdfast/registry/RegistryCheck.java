// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.registry.blob.BlobInventory;
import dev.holdfast.registry.blob.BlobStoreException;
import dev.holdfast.registry.model.BlobLink;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.ImageTag;
import dev.holdfast.registry.model.Manifest;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.RegistryTables.Content;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Check;
import dev.holdfast.service.Finding;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What must hold in the registry: tags lead to images, images to manifests with their digest and to
 * what these list, and links to blobs whose bytes have theirs. Every blob is read.
 */
public record RegistryCheck(BlobInventory blobs) implements Check {
  private static final String PUSH =
      "./holdfast fsck --repair sets it aside; then push the image again";

  @Override
  public String name() {
    return "repositories, images and blobs";
  }

  @Override
  public List<Table<?, ?>> tables() {
    return List.of(
        RegistryTables.ADDRESSES,
        RegistryTables.REPOSITORIES,
        RegistryTables.POLICIES,
        RegistryTables.IMAGES,
        RegistryTables.MANIFESTS,
        RegistryTables.TAGS,
        RegistryTables.LINKS,
        RegistryTables.SCRUB);
  }

  @Override
  public void run(View view, Consumer<Finding> found) {
    view.eachRow(
        RegistryTables.TAGS,
        (account, _, tag) -> {
          RepositoryId id = new RepositoryId(account, tag.region(), tag.repository());
          if (image(view, id, tag.digest()) == null) {
            found.accept(Finding.lost(place(id, tag), "names an image that is not there"));
          }
        });
    view.eachRow(RegistryTables.IMAGES, (account, _, image) -> image(view, account, image, found));
    view.eachRow(
        RegistryTables.MANIFESTS,
        (account, key, manifest) -> manifest(view, account, key, manifest, found));
    blobs(view, found);
  }

  private static String place(RepositoryId id, ImageTag tag) {
    return id.arn() + ":" + tag.tag();
  }

  private static @Nullable Image image(View view, RepositoryId id, Digest digest) {
    return view.get(RegistryTables.IMAGES, id.account(), new Content(id, digest));
  }

  private static void image(View view, AccountId account, Image image, Consumer<Finding> found) {
    RepositoryId id = new RepositoryId(account, image.region(), image.repository());
    String place = id.arn() + "@" + image.digest();
    if (view.get(RegistryTables.REPOSITORIES, account, id) == null) {
      found.accept(Finding.lost(place, "is in a repository that is not there"));
    }
    if (view.get(RegistryTables.MANIFESTS, account, new Content(id, image.digest())) == null) {
      found.accept(Finding.lost(place, "has no manifest"));
    }
    for (Digest blob : image.blobs()) {
      if (view.get(RegistryTables.LINKS, account, new Content(id, blob)) == null) {
        found.accept(Finding.lost(place, "lists a blob that its repository lacks: " + blob));
      }
    }
    for (Digest child : image.manifests()) {
      if (image(view, id, child) == null) {
        found.accept(Finding.lost(place, "lists an image that is not there: " + child));
      }
    }
  }

  private static void manifest(
      View view, AccountId account, List<String> key, Manifest manifest, Consumer<Finding> found) {
    RepositoryId id = new RepositoryId(account, new Region(key.get(0)), key.get(1));
    Digest digest = new Digest(key.get(2));
    String place = "the manifest " + id.arn() + "@" + digest;
    if (!Digest.of(manifest.bytes()).equals(digest)) {
      found.accept(Finding.lost(place, "has other bytes than its digest says"));
    }
    if (image(view, id, digest) == null) {
      found.accept(Finding.lost(place, "is of an image that is not there"));
    }
  }

  private void blobs(View view, Consumer<Finding> found) {
    try {
      Set<Digest> intact = new HashSet<>();
      Set<Digest> damaged = new HashSet<>();
      for (Digest digest : blobs.all()) {
        (blobs.verify(digest) == BlobInventory.Verdict.DAMAGED ? damaged : intact).add(digest);
      }
      Set<Digest> named = new HashSet<>();
      view.eachRow(
          RegistryTables.LINKS,
          (account, key, link) -> {
            named.add(link.digest());
            if (!intact.contains(link.digest())) {
              found.accept(missing(account, key, link, damaged.contains(link.digest())));
            }
          });
      damaged.stream()
          .filter(digest -> !named.contains(digest))
          .forEach(
              digest ->
                  found.accept(
                      Finding.damage(
                          "blob " + digest,
                          "has other bytes than its digest says; no repository has it",
                          "./holdfast fsck --repair sets it aside")));
      long free = intact.stream().filter(digest -> !named.contains(digest)).count();
      if (free > 0) {
        found.accept(
            Finding.note(free + " blobs", "are of no repository; the daily collection frees them"));
      }
    } catch (BlobStoreException e) {
      found.accept(
          Finding.damage("blobs", "cannot be read: " + e.getMessage(), "look at the disk"));
    }
  }

  private static Finding missing(
      AccountId account, List<String> key, BlobLink link, boolean damaged) {
    RepositoryId id = new RepositoryId(account, new Region(key.get(0)), key.get(1));
    String place = "blob " + link.digest() + " of " + id.arn();
    return damaged
        ? Finding.damage(place, "has other bytes than its digest says", PUSH)
        : Finding.damage(
            place,
            "is missing, or was damaged and set aside",
            "push the image again, or " + Finding.RESTORE);
  }
}
