// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.join;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;

/**
 * The membership as it is now, here and in the machine's folder. The words of the platform and the
 * certificate change on threads of their own; neither loses what the other has changed.
 */
final class KeptMembership {
  private final Path folder;
  private Membership now;

  KeptMembership(Path folder, Membership joined) {
    this.folder = folder;
    this.now = joined;
  }

  synchronized Membership get() {
    return now;
  }

  /** Keeps other words of the platform. */
  synchronized void told(JsonObject words) throws IOException {
    if (!words.equals(now.told())) {
      keep(now.with(words));
    }
  }

  /** Keeps a key before a certificate is asked for it. */
  synchronized void awaits(KeyPair next) throws IOException {
    now.awaits(folder, next);
  }

  /** Keeps the certificate that has come for a key, and what was said with it. */
  synchronized Membership renewed(JsonObject words, KeyPair next, X509Certificate certificate)
      throws IOException {
    return keep(now.renewed(words, next.getPrivate(), certificate));
  }

  private Membership keep(Membership next) throws IOException {
    next.write(folder);
    now = next;
    return next;
  }
}
