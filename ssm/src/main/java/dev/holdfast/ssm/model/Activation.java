// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Region;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Leave for machines to register themselves.
 *
 * @param id a UUID, which is told to everybody who may list activations
 * @param hash the SHA-256 of id and code, in hex; the code is shown once and kept nowhere
 * @param role what the machines act as
 * @param limits how many machines, and until when
 * @param registered how many have come
 * @param tags what the machines will be tagged with
 */
public record Activation(
    String id,
    AccountId account,
    Region region,
    String hash,
    MachineRole role,
    @Nullable String description,
    @Nullable String defaultInstanceName,
    Limits limits,
    int registered,
    Instant created,
    Map<String, String> tags) {
  public Activation {
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }

  /** How many machines may register, and until when. */
  public record Limits(int machines, Instant expires) {}

  /**
   * The role of machines.
   *
   * @param name as the request had it: a name, or a path and a name
   */
  public record MachineRole(String name, String arn) {
    public static MachineRole of(AccountId account, String name) {
      return new MachineRole(name, Arn.global("iam", account, "role/" + name).toString());
    }
  }

  /** What is kept of a code. */
  public static String hash(String id, String code) {
    return Hashes.sha256Hex(id + "\n" + code);
  }

  /** Whether a code is this activation's; compares in constant time. */
  public boolean opensWith(String code) {
    return MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.US_ASCII),
        hash(id, code).getBytes(StandardCharsets.US_ASCII));
  }

  public boolean expiredAt(Instant now) {
    return !now.isBefore(limits.expires());
  }

  public boolean usedUp() {
    return registered >= limits.machines();
  }

  /** This activation after one more machine has come. */
  public Activation used() {
    return new Activation(
        id,
        account,
        region,
        hash,
        role,
        description,
        defaultInstanceName,
        limits,
        registered + 1,
        created,
        tags);
  }
}
