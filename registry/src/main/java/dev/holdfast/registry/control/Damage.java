// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.control;

import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.blob.BlobStoreException;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.service.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tells which blobs were set aside as damaged and which images want them back. */
public record Damage(State state, BlobStore blobs) {
  /** More lines than this tell nobody more. */
  private static final int MOST = 20;

  /** A line for each blob that a repository still wants. */
  public List<String> lines() {
    try {
      Set<Digest> aside = Set.copyOf(blobs.quarantined());
      Map<Digest, String> stuck = blobs.stuck();
      Map<Digest, TreeSet<String>> wanted = wanted(aside, stuck.keySet());
      var lines = new ArrayList<String>();
      wanted.forEach(
          (digest, repositories) -> {
            if (aside.contains(digest)) {
              lines.add(
                  "blob "
                      + digest
                      + " was damaged and set aside, or is missing; push again to "
                      + String.join(", ", repositories));
            }
          });
      new TreeMap<>(stuck)
          .forEach(
              (digest, reason) -> {
                if (wanted.containsKey(digest)) {
                  lines.add(
                      "blob "
                          + digest
                          + " is damaged or cannot be read, and could not be set aside ("
                          + reason
                          + "); look at the registry's disk");
                }
              });
      return cut(lines);
    } catch (BlobStoreException e) {
      return List.of("the blobs that were set aside cannot be listed: " + e.getMessage());
    }
  }

  private static List<String> cut(List<String> lines) {
    if (lines.size() > MOST) {
      String more = (lines.size() - MOST) + " more blobs are damaged; ./holdfast fsck lists all";
      lines.subList(MOST, lines.size()).clear();
      lines.add(more);
    }
    return lines;
  }

  /** Which repositories hold each of these blobs; those that none does are left out. */
  private Map<Digest, TreeSet<String>> wanted(Set<Digest> aside, Set<Digest> stuck) {
    Map<Digest, TreeSet<String>> wanted = new TreeMap<>();
    if (aside.isEmpty() && stuck.isEmpty()) {
      return wanted;
    }
    return state.read(
        view -> {
          view.eachRow(
              RegistryTables.LINKS,
              (account, key, link) -> {
                if (aside.contains(link.digest()) || stuck.contains(link.digest())) {
                  wanted
                      .computeIfAbsent(link.digest(), _ -> new TreeSet<>())
                      .add(key.get(1) + " of " + account + " in " + key.getFirst());
                }
              });
          return wanted;
        });
  }
}
