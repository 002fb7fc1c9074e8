// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.Shape;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Hashes;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.space.Urgency;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one table of {@code clientToken}s: the same request again gets the same answer again. A token
 * is its caller's own, a user's or a role's: another caller's is as good as a fresh one, so that it
 * neither shows what that caller made nor gets in its way.
 */
public final class ClientTokens {
  /** So many are forgotten by one commit. */
  private static final int BATCH = 500;

  /** What a token was used for. */
  record Used(AccountId account, Key key, String request, List<String> results, Instant at) {}

  static final Table<Key, Used> TOKENS =
      Table.of("client-tokens", Used.class, k -> List.of(k.region(), k.operation(), k.token()));

  record Key(String region, String operation, String token) {}

  /** A token's earlier use. */
  public sealed interface Earlier {
    /** The same request: the ids it made. */
    record Same(List<String> results) implements Earlier {}

    /** Another request under the same token. */
    record Different(List<String> results) implements Earlier {}
  }

  private ClientTokens() {}

  /** Whether the token was used before, in this transaction's state. */
  public static Optional<Earlier> earlier(
      Tx tx, Call call, String operation, String token, Shape in) {
    Used used = tx.get(TOKENS, call.account(), key(call, operation, token));
    if (used == null) {
      return Optional.empty();
    }
    return Optional.of(
        used.request().equals(hash(in))
            ? new Earlier.Same(used.results())
            : new Earlier.Different(used.results()));
  }

  /** Remembers what the request made. */
  public static void remember(
      Tx tx, Call call, String operation, String token, Shape in, List<String> results) {
    var key = key(call, operation, token);
    tx.put(
        TOKENS, call.account(), key, new Used(call.account(), key, hash(in), results, call.now()));
  }

  private static Key key(Call call, String operation, String token) {
    String caller = call.principal().identity().uniqueId();
    return new Key(call.region().name(), operation, caller + "/" + token);
  }

  /**
   * Forgets the tokens that were used before an instant.
   *
   * @return how many
   */
  public static int forget(State state, Instant before) {
    // What was answered under them is not kept in memory: there may be very many.
    record Old(AccountId account, Key key) {}
    var old = new ArrayList<Old>();
    state.read(
        view -> {
          view.each(
              TOKENS,
              used -> {
                if (used.at().isBefore(before)) {
                  old.add(new Old(used.account(), used.key()));
                }
              });
          return old;
        });
    for (int from = 0; from < old.size(); from += BATCH) {
      List<Old> some = old.subList(from, Math.min(old.size(), from + BATCH));
      state.own(
          Urgency.VITAL,
          tx -> {
            some.forEach(token -> tx.delete(TOKENS, token.account(), token.key()));
            return some.size();
          });
    }
    return old.size();
  }

  private static String hash(Shape in) {
    return Hashes.sha256Hex(JsonCodec.bytes(in));
  }
}
