// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.join;

import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.disk.Disk;
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
  private final Disk disk;
  private Membership now;

  KeptMembership(Path folder, Disk disk, Membership joined) {
    this.folder = folder;
    this.disk = disk;
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
    now.awaits(folder, next, disk);
  }

  /** Keeps the certificate that has come for a key, and what was said with it. */
  synchronized Membership renewed(JsonObject words, KeyPair next, X509Certificate certificate)
      throws IOException {
    return keep(now.renewed(words, next.getPrivate(), certificate));
  }

  /** Keeps the key of the certificate that has come, under its own name. */
  synchronized void settles(KeyPair next) throws IOException {
    Membership.writeKey(folder, next.getPrivate(), disk);
  }

  private Membership keep(Membership next) throws IOException {
    next.write(folder, disk);
    now = next;
    return next;
  }
}
