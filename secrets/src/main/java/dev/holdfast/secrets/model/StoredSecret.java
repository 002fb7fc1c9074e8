// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A secret without its values.
 *
 * @param suffix the six random characters behind its name in its ARN
 * @param keyId the KMS key for new versions as it was named, or null for the AWS-managed one
 * @param policy the resource policy as it was put, or null
 * @param principals the unique id that each ARN in that policy had when it was put
 * @param changed when a version, stage or detail was last changed
 * @param accessed the day a value was last read, or null
 * @param deletion when it goes, where it is marked for deletion
 * @param versions oldest first
 */
public record StoredSecret(
    AccountId account,
    Region region,
    String name,
    String suffix,
    @Nullable String description,
    @Nullable String keyId,
    @Nullable String policy,
    Map<String, String> principals,
    Instant created,
    Instant changed,
    @Nullable Instant accessed,
    @Nullable Deletion deletion,
    List<SecretVersion> versions) {

  /**
   * A secret's end.
   *
   * @param asked when it was marked
   * @param due when the recovery window ends
   */
  public record Deletion(Instant asked, Instant due) {}

  public StoredSecret {
    principals = Collections.unmodifiableMap(new LinkedHashMap<>(principals));
    versions = List.copyOf(versions);
  }

  public Arn arn() {
    return SecretName.arn(account, region, name, suffix);
  }

  /** Whether the recovery window is over: from then on there is no such secret. */
  public boolean goneAt(Instant now) {
    return deletion != null && !now.isBefore(deletion.due());
  }

  /** The version of that id. */
  public Optional<SecretVersion> version(String id) {
    return versions.stream().filter(v -> v.id().equals(id)).findFirst();
  }

  /** The version that a staging label is attached to. */
  public Optional<SecretVersion> staged(String stage) {
    return versions.stream().filter(v -> v.stages().contains(stage)).findFirst();
  }

  /** This secret with other versions. */
  public StoredSecret with(List<SecretVersion> others, Instant now) {
    return new StoredSecret(
        account,
        region,
        name,
        suffix,
        description,
        keyId,
        policy,
        principals,
        created,
        now,
        accessed,
        deletion,
        others);
  }

  /** This secret with another description and key. */
  public StoredSecret described(
      @Nullable String otherDescription, @Nullable String otherKey, Instant now) {
    return new StoredSecret(
        account,
        region,
        name,
        suffix,
        otherDescription,
        otherKey,
        policy,
        principals,
        created,
        now,
        accessed,
        deletion,
        versions);
  }

  /** This secret under another resource policy, or none. */
  public StoredSecret under(@Nullable String otherPolicy, Map<String, String> named) {
    return new StoredSecret(
        account,
        region,
        name,
        suffix,
        description,
        keyId,
        otherPolicy,
        named,
        created,
        changed,
        accessed,
        deletion,
        versions);
  }

  /** This secret, marked for deletion or not. */
  public StoredSecret ending(@Nullable Deletion end, Instant now) {
    return new StoredSecret(
        account,
        region,
        name,
        suffix,
        description,
        keyId,
        policy,
        principals,
        created,
        now,
        accessed,
        end,
        versions);
  }

  /** This secret, one of whose versions was read on that day. */
  public StoredSecret readOn(Instant day, String version) {
    return new StoredSecret(
        account,
        region,
        name,
        suffix,
        description,
        keyId,
        policy,
        principals,
        created,
        changed,
        day,
        deletion,
        versions.stream().map(v -> v.id().equals(version) ? v.readOn(day) : v).toList());
  }
}
