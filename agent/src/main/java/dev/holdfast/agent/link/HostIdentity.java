// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.aws.sigv4.Signer;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The session that the agent acts as: its host's. Renewed from outside. */
public final class HostIdentity {
  private final CountDownLatch first = new CountDownLatch(1);
  private final InstantSource clock;
  private volatile Credentials credentials = new Credentials("", "", null);

  public HostIdentity(InstantSource clock) {
    this.clock = clock;
  }

  public void renew(Credentials fresh) {
    credentials = fresh;
    first.countDown();
  }

  /** The session of now; blocks until there is one. */
  public Credentials credentials() {
    try {
      first.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return credentials;
  }

  /** The headers that sign a websocket's upgrade; {@code Host} is signed and not among them. */
  List<SignedRequest.Header> sign(URI uri, String region) {
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    var host = new ArrayList<SignedRequest.Header>();
    host.add(new SignedRequest.Header("Host", uri.getRawAuthority()));
    var request = new SignedRequest("GET", uri.getRawPath(), query, host);
    return Signer.sign(request, new byte[0], credentials(), region, "ecs", clock.instant());
  }
}
