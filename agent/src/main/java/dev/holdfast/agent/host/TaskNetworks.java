// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import dev.holdfast.agent.engine.EngineException;
import dev.holdfast.agent.engine.Networks;
import dev.holdfast.agent.host.SubnetPool.Subnet;
import dev.holdfast.kit.Hashes;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The networks of one installation's tasks on this host. Networks, bridges and rules carry the
 * installation's id, so several installations never meet.
 */
public final class TaskNetworks {
  /** The label that carries the installation's id. */
  public static final String INSTALLATION = "dev.holdfast.installation";

  /** The label that carries the task's ARN. */
  public static final String TASK = "dev.holdfast.task-arn";

  private static final String BRIDGE = "dev.holdfast.bridge";
  private static final int ATTEMPTS = 16;

  private final Networks engine;
  private final Firewall firewall;
  private final String installation;
  private final SubnetPool pool;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, TaskNetwork> live = new LinkedHashMap<>();

  public TaskNetworks(Networks engine, Firewall firewall, String installation, SubnetPool pool) {
    this.engine = engine;
    this.firewall = firewall;
    this.installation = installation;
    this.pool = pool;
  }

  /** Finds the networks that an earlier run left, and makes the firewall rules agree with them. */
  public List<TaskNetwork> recover() throws IOException {
    lock.lock();
    try {
      live.clear();
      for (Networks.Network network : engine.list(INSTALLATION + "=" + installation)) {
        String task = network.labels().get(TASK);
        String bridge = network.labels().get(BRIDGE);
        String subnet = network.subnet();
        String gateway = network.gateway();
        if (task != null && bridge != null && subnet != null && gateway != null) {
          live.put(
              task, new TaskNetwork(network.id(), network.name(), task, bridge, subnet, gateway));
        }
      }
      firewall.replace(List.copyOf(live.values()));
      return List.copyOf(live.values());
    } finally {
      lock.unlock();
    }
  }

  /** The network of a task, or null. */
  public @Nullable TaskNetwork find(String taskArn) {
    lock.lock();
    try {
      return live.get(taskArn);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes the network of a task, or returns it where it exists.
   *
   * @throws IOException where the engine or nftables refuses, or the pool is used up
   */
  public TaskNetwork create(String taskArn) throws IOException {
    lock.lock();
    try {
      TaskNetwork known = live.get(taskArn);
      if (known != null) {
        return known;
      }
      TaskNetwork made = make(taskArn);
      live.put(taskArn, made);
      try {
        firewall.replace(List.copyOf(live.values()));
      } catch (IOException e) {
        // A network without its rules must not stay.
        live.remove(taskArn);
        engine.remove(made.id());
        throw e;
      }
      return made;
    } finally {
      lock.unlock();
    }
  }

  /** Removes a task's network and its rules; one that does not exist is as good as removed. */
  public void remove(String taskArn) throws IOException {
    lock.lock();
    try {
      TaskNetwork network = live.get(taskArn);
      if (network != null) {
        engine.remove(network.id());
        live.remove(taskArn);
        firewall.replace(List.copyOf(live.values()));
      }
    } finally {
      lock.unlock();
    }
  }

  private TaskNetwork make(String taskArn) throws IOException {
    String digest =
        Hashes.sha256Hex((installation + "/" + taskArn).getBytes(StandardCharsets.UTF_8));
    String bridge =
        "hf"
            + installation.substring(0, Math.min(5, installation.length()))
            + digest.substring(0, 8);
    String name = "holdfast-" + installation + "-" + digest.substring(0, 16);
    int start = (installation + taskArn).hashCode();
    var refused = new ArrayList<Subnet>();
    EngineException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<Subnet> taken = taken();
      taken.addAll(refused);
      Subnet subnet =
          pool.next(taken, start)
              .orElseThrow(() -> new IOException("no free subnet is left for a task's network"));
      Map<String, String> labels =
          Map.of(INSTALLATION, installation, TASK, taskArn, BRIDGE, bridge);
      try {
        String id = engine.create(name, bridge, subnet.toString(), subnet.gateway(), labels);
        return new TaskNetwork(id, name, taskArn, bridge, subnet.toString(), subnet.gateway());
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
