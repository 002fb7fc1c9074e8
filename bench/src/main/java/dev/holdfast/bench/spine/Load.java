// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.spine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** As many requests as go through a number of connections in a time. */
final class Load {
  static final int CONNECTIONS = 16;

  private Load() {}

  /**
   * What went through.
   *
   * @param rate requests a second
   * @param median and {@code slow}, the 99th percentile, in nanoseconds
   */
  record Result(double rate, long median, long slow) {}

  /** Sends each connection's own request over and over; every answer must have the status 200. */
  static Result run(InetSocketAddress target, IntFunction<byte[]> request, Duration time)
      throws IOException, InterruptedException {
    List<Callable<long[]>> work = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    for (int i = 0; i < CONNECTIONS; i++) {
      byte[] mine = request.apply(i);
      work.add(() -> send(target, mine, end));
    }
    long began = System.nanoTime();
    long[] all = together(work);
    double seconds = (System.nanoTime() - began) / 1e9;
    Arrays.sort(all);
    return new Result(all.length / seconds, all[all.length / 2], all[(int) (all.length * 0.99)]);
  }

  /** Does the pieces of work at once, each on a thread of its own; all that they returned. */
  static long[] together(List<Callable<long[]>> work) throws IOException, InterruptedException {
    try (var threads = Executors.newFixedThreadPool(work.size())) {
      var results = new ArrayList<long[]>();
      for (Future<long[]> done : threads.invokeAll(work)) {
        results.add(done.get());
      }
      return results.stream().flatMapToLong(Arrays::stream).toArray();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  private static long[] send(InetSocketAddress target, byte[] request, long end)
      throws IOException {
    long[] times = new long[4096];
    int count = 0;
    try (var connection = new Connection(target)) {
      for (long now = System.nanoTime(); now < end; ) {
        int status = connection.exchange(request);
        long after = System.nanoTime();
        if (status != 200) {
          throw new IOException("status " + status + " of a request that was to succeed");
        }
        if (count == times.length) {
          times = Arrays.copyOf(times, 2 * count);
        }
        times[count++] = after - now;
        now = after;
      }
    }
    return Arrays.copyOf(times, count);
  }
}
