// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import java.util.List;

/** By which address a caller reaches the platform. */
public final class Reach {
  private Reach() {}

  /**
   * The URL for a caller: of the platform's own machine the plain one, of another one that of TLS.
   *
   * @param near the URL on loopback
   * @param far hosts and ports where TLS is spoken, the likeliest first
   */
  public static String url(String sourceIp, String near, List<String> far) {
    boolean here =
        sourceIp.startsWith("127.") || sourceIp.equals("::1") || sourceIp.equals("0:0:0:0:0:0:0:1");
    return here || far.isEmpty() ? near : "https://" + far.getFirst();
  }
}
