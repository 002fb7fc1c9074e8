// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import dev.holdfast.agent.engine.Containers;
import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.agent.engine.Networks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The networks of one installation's tasks on this host: one for each task, never used again after
 * it. Networks, bridges and rules carry the installation's id, so several installations never meet.
 *
 * <p>Making a network takes the engine longer than starting a container, so a few are made ahead,
 * their rules in force, while the host is quiet. Which task a network belongs to is what its
 * containers say: a task that had none yet when the agent died may as well take another.
 */
public final class TaskNetworks implements AutoCloseable {
  /** The label that carries the installation's id. */
  public static final String INSTALLATION = "dev.holdfast.installation";

  /** The label that carries the task's ARN. */
  public static final String TASK = "dev.holdfast.task-arn";

  private static final Logger LOG = Logger.getLogger(TaskNetworks.class.getName());
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

  private final DockerEngine engine;
  private final Firewall firewall;
  private final String installation;
  private final NetworkMaker maker;
  private final int wanted;

  /** Held while a network is made, so that no two want the same subnet. */
  private final ReentrantLock making = new ReentrantLock();

  /** Guards what follows; taken after {@code making}. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private final Map<String, HostNetwork> live = new LinkedHashMap<>();
  private final Deque<HostNetwork> spare = new ArrayDeque<>();
  private long quietSince = System.nanoTime();
  private boolean stocking;
  private @Nullable Thread stocker;

  /**
   * Makes the networks of an installation.
   *
   * @param spares how many networks to have ready; none before {@link #stock()}
   */
  public TaskNetworks(
      DockerEngine engine,
      Firewall firewall,
      String installation,
      SubnetPool pool,
      RandomGenerator random,
      int spares) {
    this.engine = engine;
    this.firewall = firewall;
    this.installation = installation;
    this.maker = new NetworkMaker(engine.networks(), installation, pool, random);
    this.wanted = spares;
  }

  /**
   * Finds the networks that an earlier run left, and makes the firewall rules agree with them.
   *
   * @return those that belong to a task
   */
  public List<TaskNetwork> recover() throws IOException {
    lock.lock();
    try {
      live.clear();
      spare.clear();
      Map<String, String> users = users();
      for (Networks.Network network : engine.networks().list(INSTALLATION + "=" + installation)) {
        HostNetwork made = NetworkMaker.made(network);
        if (made != null) {
          String task = network.labels().getOrDefault(TASK, users.get(network.name()));
          if (task == null) {
            spare.add(made);
          } else {
            live.put(task, made);
          }
        }
      }
      rule();
      return live.entrySet().stream().map(e -> e.getValue().of(e.getKey())).toList();
    } finally {
      lock.unlock();
    }
  }

  /** The task of each network that a container of ours is to run in, whatever its state. */
  private Map<String, String> users() throws IOException {
    var users = new HashMap<String, String>();
    for (Containers.Listed container :
        engine.containers().listed(INSTALLATION + "=" + installation)) {
      String task = container.labels().get(TASK);
      if (task != null) {
        users.put(container.networkMode(), task);
      }
    }
    return users;
  }

  /** From now on keeps networks ready, until {@link #clear} or {@link #close}. */
  public void stock() {
    lock.lock();
    try {
      if (wanted > 0 && !stocking) {
        stocking = true;
        stocker = Thread.ofVirtual().name("network-stock").start(this::keepStock);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The network of a task, or null. */
  public @Nullable TaskNetwork find(String taskArn) {
    lock.lock();
    try {
      HostNetwork network = live.get(taskArn);
      return network == null ? null : network.of(taskArn);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives a task a network, or returns the one it has.
   *
   * @throws IOException where the engine or nftables refuses, or the pool is used up
   */
  public TaskNetwork create(String taskArn) throws IOException {
    HostNetwork ready = claim(taskArn);
    if (ready != null) {
      return ready.of(taskArn);
    }
    making.lock();
    try {
      // One may have been made while this waited.
      HostNetwork network = claim(taskArn);
      if (network == null) {
        network = maker.make();
        keep(network, taskArn);
      }
      return network.of(taskArn);
    } finally {
      making.unlock();
    }
  }

  /** The network that a task has, or a spare one that is its own from now on, or null. */
  private @Nullable HostNetwork claim(String taskArn) throws IOException {
    lock.lock();
    try {
      HostNetwork known = live.get(taskArn);
      touch();
      // Somebody may have pruned the engine's unused networks.
      while (known == null && !spare.isEmpty()) {
        HostNetwork next = spare.remove();
        if (engine.networks().exists(next.id())) {
          live.put(taskArn, next);
          known = next;
        }
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  /** Keeps a new network, as a task's or with null as a spare one; without its rules it goes. */
  private void keep(HostNetwork made, @Nullable String taskArn) throws IOException {
    lock.lock();
    try {
      if (taskArn == null) {
        spare.add(made);
      } else {
        live.put(taskArn, made);
      }
      try {
        rule();
      } catch (IOException e) {
        spare.remove(made);
        live.values().remove(made);
        engine.networks().remove(made.id());
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Something happened: the stock waits again until the host is quiet. */
  private void touch() {
    lock.lock();
    try {
      quietSince = System.nanoTime();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void rule() throws IOException {
    var all = new ArrayList<>(live.values());
    all.addAll(spare);
    firewall.replace(all);
  }

  /** Makes the rules hold again where somebody took them away, as a reload of nftables does. */
  public void assure() {
    lock.lock();
    try {
      if (!(live.isEmpty() && spare.isEmpty()) && !firewall.stands()) {
        LOG.log(Level.WARNING, "the rules that keep tasks apart were gone; they are set again");
        rule();
      }
    } catch (IOException e) {
      LOG.log(Level.SEVERE, "the rules that keep tasks apart are gone: {0}", e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  /** Removes a task's network and its rules; one that does not exist is as good as removed. */
  public void remove(String taskArn) throws IOException {
    lock.lock();
    try {
      HostNetwork network = live.get(taskArn);
      if (network != null) {
        engine.networks().remove(network.id());
        live.remove(taskArn);
        rule();
      }
      touch();
    } finally {
      lock.unlock();
    }
  }

  /** Removes every network that belongs to none of these tasks, and makes no more ahead. */
  public void clear(Set<String> taskArns) throws IOException {
    endStock();
    for (TaskNetwork network : recover()) {
      if (!taskArns.contains(network.taskArn())) {
        remove(network.taskArn());
      }
    }
    dropSpares();
  }

  private void dropSpares() throws IOException {
    lock.lock();
    try {
      if (!spare.isEmpty()) {
        for (HostNetwork network = spare.peek(); network != null; network = spare.peek()) {
          engine.networks().remove(network.id());
          spare.remove();
        }
        rule();
      }
    } finally {
      lock.unlock();
    }
  }

  private void keepStock() {
    boolean failed = false;
    while (awaitNeed(failed ? AFTER_FAILURE : QUIET)) {
      making.lock();
      try {
        keep(maker.make(), null);
        failed = false;
      } catch (IOException e) {
        failed = true;
        touch();
        LOG.log(Level.WARNING, "no network made ahead: {0}", e.getMessage());
      } finally {
        making.unlock();
      }
    }
  }

  /** Waits until a spare network is wanted and nothing has happened for a while. */
  private boolean awaitNeed(Duration quiet) {
    lock.lock();
    try {
      while (stocking) {
        long left = quietSince + quiet.toNanos() - System.nanoTime();
        if (spare.size() >= wanted) {
          changed.await();
        } else if (left > 0) {
          var _ = changed.awaitNanos(left);
        } else {
          return true;
        }
      }
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void endStock() {
    Thread working;
    lock.lock();
    try {
      stocking = false;
      working = stocker;
      stocker = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (working != null) {
        working.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Removes the networks that no task has; those of tasks stay. */
  @Override
  public void close() {
    endStock();
    try {
      dropSpares();
    } catch (IOException e) {
      LOG.log(Level.INFO, "networks made ahead stay: {0}", e.getMessage());
    }
  }
}
