// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import java.util.List;

/** The host's refusal of a container, with every rule it breaks. */
public final class HostRefusal extends Exception {
  private static final long serialVersionUID = 1;

  HostRefusal(List<String> rules) {
    super("HostConfigError: the policy of this host refuses " + String.join("; ", rules));
  }
}
