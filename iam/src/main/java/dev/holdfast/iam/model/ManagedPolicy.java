// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A policy of its own, attached by ARN.
 *
 * @param versions oldest first; at most five
 * @param defaultVersion the version in force everywhere it is attached
 * @param next the number of the next version: numbers are never used again
 */
public record ManagedPolicy(
    String name,
    String path,
    String id,
    Instant created,
    @Nullable String description,
    List<Version> versions,
    String defaultVersion,
    int next) {
  /** The most versions a policy may have at once. */
  public static final int MOST_VERSIONS = 5;

  /** One version of the document. */
  public record Version(String id, String document, Instant created) {}

  public ManagedPolicy {
    versions = List.copyOf(versions);
  }

  /** A policy in its first version. */
  public static ManagedPolicy first(
      String name,
      String path,
      String id,
      Instant now,
      @Nullable String description,
      String document) {
    return new ManagedPolicy(
        name, path, id, now, description, List.of(new Version("v1", document, now)), "v1", 2);
  }

  public Arn arn(AccountId account) {
    return Arn.global("iam", account, "policy" + path + name);
  }

  public Optional<Version> version(String version) {
    return versions.stream().filter(v -> v.id().equals(version)).findFirst();
  }

  /** The version in force. */
  public Version inForce() {
    return version(defaultVersion).orElseThrow();
  }

  /** When the policy last got a version. */
  public Instant updated() {
    return versions.getLast().created();
  }

  public ManagedPolicy withVersion(String document, Instant now, boolean asDefault) {
    var version = new Version("v" + next, document, now);
    var more = new ArrayList<>(versions);
    more.add(version);
    return new ManagedPolicy(
        name,
        path,
        id,
        created,
        description,
        more,
        asDefault ? version.id() : defaultVersion,
        next + 1);
  }

  public ManagedPolicy withoutVersion(String version) {
    return new ManagedPolicy(
        name,
        path,
        id,
        created,
        description,
        versions.stream().filter(v -> !v.id().equals(version)).toList(),
        defaultVersion,
        next);
  }

  public ManagedPolicy withDefault(String version) {
    return new ManagedPolicy(name, path, id, created, description, versions, version, next);
  }
}
