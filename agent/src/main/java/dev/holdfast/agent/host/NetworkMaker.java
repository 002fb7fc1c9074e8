// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import dev.holdfast.agent.engine.EngineException;
import dev.holdfast.agent.engine.Networks;
import dev.holdfast.agent.host.SubnetPool.Subnet;
import dev.holdfast.kit.Ids;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes bridge networks from the subnets of the pool that nothing on this host occupies. */
final class NetworkMaker {
  private static final String BRIDGE = "dev.holdfast.bridge";
  private static final int ATTEMPTS = 16;

  private final Networks engine;
  private final String installation;
  private final SubnetPool pool;
  private final RandomGenerator random;

  NetworkMaker(Networks engine, String installation, SubnetPool pool, RandomGenerator random) {
    this.engine = engine;
    this.installation = installation;
    this.pool = pool;
    this.random = random;
  }

  /** A network as this maker made it, or null where it is none. */
  static @Nullable HostNetwork made(Networks.Network network) {
    String bridge = network.labels().get(BRIDGE);
    String subnet = network.subnet();
    String gateway = network.gateway();
    return bridge == null || subnet == null || gateway == null
        ? null
        : new HostNetwork(network.id(), network.name(), bridge, subnet, gateway);
  }

  /**
   * Makes a network.
   *
   * @throws IOException where the engine refuses or the pool is used up
   */
  HostNetwork make() throws IOException {
    String suffix = Ids.hex(random, 8);
    String name = "holdfast-" + installation + "-" + suffix;
    // The kernel takes 15 characters.
    String bridge =
        "hf"
            + installation.substring(0, Math.min(5, installation.length()))
            + suffix.substring(0, 8);
    Map<String, String> labels = Map.of(TaskNetworks.INSTALLATION, installation, BRIDGE, bridge);
    var refused = new ArrayList<Subnet>();
    EngineException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<Subnet> taken = taken();
      taken.addAll(refused);
      Subnet subnet =
          pool.next(taken, name.hashCode())
              .orElseThrow(() -> new IOException("no free subnet is left for a task's network"));
      try {
        String id = engine.create(name, bridge, subnet.toString(), subnet.gateway(), labels);
        return new HostNetwork(id, name, bridge, subnet.toString(), subnet.gateway());
      } catch (EngineException e) {
        if (e.conflict()) {
          throw e;
        }
        last = e;
        refused.add(subnet);
      }
    }
    throw new IOException("no network for the task", last);
  }

  private List<Subnet> taken() throws IOException {
    var taken = new ArrayList<Subnet>();
    for (Networks.Network network : engine.list("")) {
      String subnet = network.subnet();
      if (subnet != null && subnet.indexOf(':') < 0) {
        taken.add(Subnet.parse(subnet));
      }
    }
    for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      device
          .getInterfaceAddresses()
          .forEach(
              address -> {
                if (address.getAddress() instanceof Inet4Address ip) {
                  taken.add(
                      Subnet.parse(ip.getHostAddress() + "/" + address.getNetworkPrefixLength()));
                }
              });
    }
    return taken;
  }
}
