// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A permission on a key that stands beside its policy until somebody retires or revokes it.
 *
 * @param id 64 characters of hex
 * @param name makes a repeated request find the grant that it made; empty where none was given
 * @param retiring who may retire it, or null
 * @param issuer the account of whoever made it
 * @param operations as AWS names them, such as {@code Decrypt}
 * @param constraint on the encryption context, or null
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/grants.html">Grants</a>
 */
public record Grant(
    Region region,
    String keyId,
    String id,
    String name,
    Party grantee,
    @Nullable Party retiring,
    AccountId issuer,
    List<String> operations,
    @Nullable Constraint constraint,
    Instant created) {

  /**
   * Somebody a grant names.
   *
   * @param id by which the same somebody is known later; empty where nobody had that name, so that
   *     nobody ever is meant
   */
  public record Party(String arn, String id) {

    /**
     * How a policy names them: users and roles by the id, which stays when they get another name.
     */
    public String principal() {
      boolean entity = id.startsWith("AIDA") || id.startsWith("AROA");
      return entity && id.indexOf(':') < 0 ? id : arn;
    }
  }

  /** How an encryption context has to be. */
  public enum Likeness {
    /** These pairs and no others. */
    EQUALS("EncryptionContextEquals"),
    /** At least these pairs. */
    SUBSET("EncryptionContextSubset");

    private final String wire;

    Likeness(String wire) {
      this.wire = wire;
    }

    /** {@code kms:GrantConstraintType}. */
    public String wire() {
      return wire;
    }
  }

  /** What the encryption context of a call must be for the grant to speak for it. */
  public record Constraint(Likeness likeness, Map<String, String> pairs) {
    public Constraint {
      pairs = Collections.unmodifiableMap(new TreeMap<>(pairs));
    }

    /** Whether a call with this context is meant. Letters' case counts. */
    public boolean holds(Map<String, String> context) {
      return switch (likeness) {
        case EQUALS -> context.equals(pairs);
        case SUBSET -> context.entrySet().containsAll(pairs.entrySet());
      };
    }
  }

  public Grant {
    operations = List.copyOf(operations);
  }

  /** What stays the same when the same request is made again. */
  public String fingerprint() {
    var parts = new ArrayList<String>();
    parts.add(name);
    parts.add(grantee.arn());
    parts.add(told(grantee));
    parts.add(retiring == null ? "" : retiring.arn());
    parts.add(retiring == null ? "" : told(retiring));
    parts.add(issuer.digits());
    parts.add(String.join(",", operations.stream().sorted().toList()));
    if (constraint != null) {
      parts.add(constraint.likeness().wire());
      constraint
          .pairs()
          .forEach(
              (key, value) -> {
                parts.add(key);
                parts.add(value);
              });
    }
    var text = new StringBuilder();
    parts.forEach(part -> text.append(part.length()).append(':').append(part));
    return Hashes.sha256Hex(text.toString());
  }

  /**
   * The id of one of the issuer's own account. Of another account it tells nothing, for whoever
   * repeats a request would learn by it who was made or deleted there.
   */
  private String told(Party party) {
    return Arn.parse(party.arn()).filter(arn -> arn.account().equals(issuer.digits())).isPresent()
        ? party.id()
        : "";
  }
}
