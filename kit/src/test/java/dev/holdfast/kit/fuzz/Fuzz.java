// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs a target on its corpus and on mutations of it. Seeds are fixed, so the same build runs the
 * same inputs. Each execution has a budget of processor time and of memory; whatever fails prints
 * its input as base64, to be put into the corpus.
 *
 * <p>The short form makes {@link #SHORT} executions, or as many as go into {@link #SHORT_TIME}; the
 * long form ({@code HOLDFAST_LONG=fuzz}) makes {@link #LONG} in {@link #LONG_TIME}, with {@code
 * -Dfuzz.seed=N} for other inputs than the last time.
 */
public final class Fuzz {
  private static final int SHORT = 20_000;
  private static final long SHORT_TIME = TimeUnit.SECONDS.toNanos(2);
  private static final long LONG = 600_000;
  private static final long LONG_TIME = TimeUnit.SECONDS.toNanos(90);

  /** Inputs with answers of their own that are kept beside the corpus. */
  private static final int KEPT = 2_000;

  private static final int LONGEST = 8 * 1024;

  /** An execution may take so much processor time. */
  private static final long TIME = TimeUnit.SECONDS.toNanos(1);

  /** An execution may allocate so much, and so much for each byte of its input. */
  private static final long MEMORY = 16L << 20;

  private static final long MEMORY_PER_BYTE = 4096;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final String name;
  private final Target target;
  private final Corpus corpus;
  private final List<byte[]> pool;
  private final Set<String> answers = new HashSet<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile byte[] current = new byte[0];
  private volatile long since;
  private long most;

  private Fuzz(Class<?> owner, String name, Target target) {
    this.name = name;
    this.target = target;
    this.corpus = Corpus.of(owner, name);
    this.pool = new ArrayList<>(corpus.seeds());
  }

  /** Fuzzes a target whose corpus is {@code fuzz/NAME.txt} beside {@code owner}. */
  public static void run(Class<?> owner, String name, Target target) {
    new Fuzz(owner, name, target).run();
  }

  private void run() {
    boolean isLong = "fuzz".equals(System.getenv("HOLDFAST_LONG"));
    long executions = isLong ? LONG : SHORT;
    long time = isLong ? LONG_TIME : SHORT_TIME;
    long begin = System.nanoTime();
    since = begin;
    Thread _ = Thread.ofPlatform().daemon().name("fuzz-watchdog").start(this::watch);
    try {
      for (byte[] seed : corpus.seeds()) {
        warm(seed);
        once(seed);
      }
      var random = new Random(Long.getLong("fuzz.seed", 1) * 31 + name.hashCode());
      var mutator = new Mutator(random, corpus.words(), LONGEST);
      long done = corpus.seeds().size();
      while (done < executions && System.nanoTime() - begin < time) {
        byte[] input = pool.get(random.nextInt(pool.size()));
        once(mutator.mutate(input, pool.get(random.nextInt(pool.size()))));
        done++;
      }
      report(done, System.nanoTime() - begin);
    } finally {
      over.countDown();
    }
  }

  /** The first time loads classes, which is not the input's doing. */
  private void warm(byte[] input) {
    try {
      String _ = target.run(input);
    } catch (Throwable e) {
      throw new AssertionError(reproducer("fails", input), e);
    }
  }

  private void once(byte[] input) {
    current = input;
    long start = System.nanoTime();
    since = start;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    String answer;
    try {
      answer = target.run(input);
    } catch (Throwable e) {
      throw new AssertionError(reproducer("fails", input), e);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    most = Math.max(most, allocated);
    if (allocated > MEMORY + MEMORY_PER_BYTE * input.length) {
      throw new AssertionError(reproducer("allocates " + allocated + " bytes", input));
    }
    long took = System.nanoTime() - start;
    if (took > TIME) {
      slow(input, took);
    }
    if (pool.size() < corpus.seeds().size() + KEPT && answers.add(answer)) {
      pool.add(input);
    }
  }

  /** Once more, by the time of the processor, since on a busy machine the wall says little. */
  private void slow(byte[] input, long took) {
    long before = THREADS.getCurrentThreadCpuTime();
    try {
      String _ = target.run(input);
    } catch (Exception e) {
      throw new AssertionError(reproducer("fails the second time", input), e);
    }
    long used = THREADS.getCurrentThreadCpuTime() - before;
    if (used > TIME) {
      throw new AssertionError(
          reproducer(
              "takes " + TimeUnit.NANOSECONDS.toMillis(Math.min(took, used)) + " ms", input));
    }
  }

  /** Ends the process where an execution hangs: nothing else ends a loop. */
  private void watch() {
    try {
      while (!over.await(5, TimeUnit.SECONDS)) {
        if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(60)) {
          System.err.println(reproducer("hangs", current));
          Runtime.getRuntime().halt(86);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private String reproducer(String what, byte[] input) {
    return "the target "
        + name
        + " "
        + what
        + " on base64:"
        + Base64.getEncoder().encodeToString(input);
  }

  private void report(long done, long took) {
    System.getLogger("fuzz")
        .log(
            System.Logger.Level.INFO,
            "figures: fuzz {0}: {1} executions in {2} ms, {3} kinds of answer, at most {4} bytes allocated",
            name,
            done,
            TimeUnit.NANOSECONDS.toMillis(took),
            answers.size(),
            most);
  }
}
