// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.events;

import dev.holdfast.kit.Hashes;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where events are told.
 *
 * @param url https, or http to this machine itself
 * @param secret what deliveries are signed with; the store seals it as it does every row
 * @param near whether the receiver may have a private address
 * @param epoch the epoch in which the operator said so: after a restore he says it again
 * @param set when he did
 */
public record Webhook(String url, String secret, boolean near, String epoch, Instant set) {
  /** The only row, of the platform's own account. */
  public static final Table<String, Webhook> TABLE =
      Table.of("event-webhook", Webhook.class, List::of);

  /** How far it is; the only row too. */
  public static final Table<String, Position> POSITION =
      Table.of("event-webhook-position", Position.class, List::of);

  static final String KEY = "this";

  /**
   * How far the telling is.
   *
   * @param number of the last event that was told, or given up
   * @param givenUp how many were given up, or forgotten before they could be told
   */
  public record Position(long number, long givenUp) {}

  static @Nullable Webhook of(View view) {
    return view.get(TABLE, Table.PLATFORM, KEY);
  }

  static @Nullable Position position(View view) {
    return view.get(POSITION, Table.PLATFORM, KEY);
  }

  /**
   * What a receiver computes too: the HMAC with SHA-256 under the secret's text over the time, a
   * full stop and the body, in hex.
   *
   * @param time seconds since 1970
   */
  String signature(long time, byte[] body) {
    byte[] head = (time + ".").getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return HexFormat.of()
        .formatHex(Hashes.hmacSha256(secret.getBytes(StandardCharsets.US_ASCII), all));
  }

  @Override
  public String toString() {
    return "Webhook[" + Receiver.shown(url) + "]";
  }
}
