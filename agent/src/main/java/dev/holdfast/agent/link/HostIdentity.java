// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.aws.client.ServerClock;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.aws.sigv4.Signer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The session that the agent acts as: its host's. Renewed from outside. */
public final class HostIdentity {
  private final CountDownLatch first = new CountDownLatch(1);
  private final ServerClock clock;
  private final Runnable expired;
  private volatile Credentials credentials = new Credentials("", "", null);

  /**
   * An identity without a session yet.
   *
   * @param clock that everything is signed by which goes to the platform
   * @param expired run where the platform refuses the session as one that has ended
   */
  public HostIdentity(ServerClock clock, Runnable expired) {
    this.clock = clock;
    this.expired = expired;
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

  /** The clock that everything is signed by which goes to the platform. */
  public ServerClock clock() {
    return clock;
  }

  /**
   * Hears that the platform refused the host.
   *
   * @param answer its code, or all that it said
   * @param date the answer's header {@code Date}
   */
  void refused(String answer, Optional<String> date) {
    boolean _ = clock.refused(answer, date);
    if (answer.contains("ExpiredToken")) {
      expired.run();
    }
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
