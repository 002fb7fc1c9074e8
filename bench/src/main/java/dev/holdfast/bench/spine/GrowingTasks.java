// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.spine;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Tasks that run, a hundred to a host, under stand-in agents; and the requests that ask for them.
 */
final class GrowingTasks {
  static final String CLUSTER = "growth";
  static final String FAMILY = "growth";
  private static final int EACH = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private final Fleet fleet;
  private final List<String> tasks = new ArrayList<>();

  /** Those that will be ended: nobody asks for them. */
  private final ArrayDeque<String> spare = new ArrayDeque<>();

  /** How many more run, whose ARNs nobody kept. */
  private int others;

  GrowingTasks(Fleet fleet) {
    this.fleet = fleet;
  }

  /** Starts as many as are missing, and waits until they run. */
  void grow(int size) throws IOException, InterruptedException {
    while (fleet.size() < Math.max(1, size / EACH)) {
      fleet.join();
    }
    var started = new ConcurrentLinkedQueue<String>();
    List<Callable<long[]>> work = new ArrayList<>();
    int missing = size - tasks.size() - others;
    for (int writer = 0; writer < Load.CONNECTIONS; writer++) {
      int first = writer * Fleet.AT_ONCE;
      work.add(
          () -> {
            for (int i = first; i < missing; i += Load.CONNECTIONS * Fleet.AT_ONCE) {
              started.addAll(fleet.run(FAMILY, Math.min(Fleet.AT_ONCE, missing - i)));
            }
            return new long[0];
          });
    }
    long[] _ = Load.together(work);
    if (started.size() != missing || !fleet.await(missing, PATIENCE)) {
      throw new IOException(started.size() + " of " + missing + " tasks started");
    }
    tasks.addAll(started);
  }

  /** Asks for one, spread over all. */
  String one(int i) {
    return "{\"cluster\":\"%s\",\"tasks\":[\"%s\"]}"
        .formatted(CLUSTER, tasks.get((int) ((i * 7_919L) % tasks.size())));
  }

  static String page(int size) {
    return "{\"cluster\":\"%s\",\"maxResults\":%d}".formatted(CLUSTER, size);
  }

  /** Starts one more. */
  String another() {
    others++;
    return """
    {"cluster":"%s","taskDefinition":"%s","placementConstraints":[{"type":"memberOf","expression":"%s"}]}"""
        .formatted(CLUSTER, FAMILY, Fleet.OURS);
  }

  /** Stops one that is asked for no more. */
  String ended() {
    if (spare.isEmpty()) {
      int from = Math.max(0, tasks.size() - EACH);
      spare.addAll(tasks.subList(from, tasks.size()));
      tasks.subList(from, tasks.size()).clear();
    }
    return "{\"cluster\":\"%s\",\"task\":\"%s\"}".formatted(CLUSTER, spare.removeFirst());
  }
}
