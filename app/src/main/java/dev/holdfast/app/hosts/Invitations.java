// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Call;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The invitations that are open: each good once, for an hour, for one name. */
final class Invitations {
  static final Duration LIFE = Duration.ofHours(1);
  private static final int MOST = 100;
  private static final int ID_BYTES = 5;
  private static final int CODE_BYTES = 20;
  private static final Pattern CODE = Pattern.compile("([0-9a-f]{10})-([0-9a-f]{40})");

  private final State state;
  private final SecureRandom random;

  Invitations(State state, SecureRandom random) {
    this.state = state;
    this.random = random;
  }

  /**
   * A fresh invitation.
   *
   * @param code 160 random bits behind the invitation's id; shown once and kept nowhere
   */
  record Made(Invitation invitation, String code) {
    @Override
    public String toString() {
      return "Made[***]";
    }
  }

  /**
   * Invites a machine under a name; an earlier invitation of that name is void.
   *
   * @throws HostRefusal where too many are open
   */
  Made make(Call call, String name, Cluster.@Nullable Key cluster, Map<String, String> attributes) {
    String id = Ids.hex(random, ID_BYTES);
    String code = id + "-" + Ids.hex(random, CODE_BYTES);
    var invitation =
        new Invitation(id, name, hash(code), call.now().plus(LIFE), cluster, attributes);
    state.commit(
        call,
        tx -> {
          int open = 0;
          for (Invitation other : tx.list(Invitation.TABLE, Table.PLATFORM)) {
            if (other.name().equals(name) || !call.now().isBefore(other.expires())) {
              tx.delete(Invitation.TABLE, Table.PLATFORM, other.id());
            } else {
              open++;
            }
          }
          if (open >= MOST) {
            throw new HostRefusal(MOST + " invitations are open; wait until some have ended");
          }
          tx.put(Invitation.TABLE, Table.PLATFORM, id, invitation);
          return invitation;
        });
    return new Made(invitation, code);
  }

  /** The open invitation that a code is of; the codes are compared in constant time. */
  Optional<Invitation> of(String code, Instant now) {
    var parts = CODE.matcher(code);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String id = parts.group(1);
    Invitation known = state.read(view -> view.get(Invitation.TABLE, Table.PLATFORM, id));
    byte[] expected = (known == null ? "" : known.hash()).getBytes(StandardCharsets.US_ASCII);
    boolean same = MessageDigest.isEqual(expected, hash(code).getBytes(StandardCharsets.US_ASCII));
    return known != null && same && now.isBefore(known.expires())
        ? Optional.of(known)
        : Optional.empty();
  }

  /** Uses an invitation up; of two that come with one code, one is refused. */
  static void redeem(Tx tx, Invitation invitation) {
    if (!invitation.equals(tx.get(Invitation.TABLE, Table.PLATFORM, invitation.id()))) {
      throw new HostRefusal(HostRefusal.CODE);
    }
    tx.delete(Invitation.TABLE, Table.PLATFORM, invitation.id());
  }

  private static String hash(String code) {
    return HexFormat.of().formatHex(Hashes.sha256(code.getBytes(StandardCharsets.US_ASCII)));
  }
}
