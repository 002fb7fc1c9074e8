// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Cuts the power after every step of a tape, in as many ways as asked for, and opens the real
 * recovery on what is left; for some of the states again in the middle of that recovery.
 */
public final class PowerCut {
  private static final int AGAIN_EVERY = 40;
  private static final int AGAIN_AT_FIRST = 8;
  private static final int AGAIN_STATES = 24;

  /** Opens what a power cut left and checks it. */
  public interface Recovery {
    /**
     * Recovers and checks.
     *
     * @param root the folder of the state
     * @param disk to be used for every change
     * @param promised what was said before the cut
     */
    void open(Path root, Disk disk, List<Object> promised) throws Exception;
  }

  /**
   * What was played.
   *
   * @param states how many were drawn
   * @param opened how many of them were different, so that the recovery was opened on them
   * @param again how many more were drawn within a recovery
   */
  public record Played(int states, int opened, int again, long millis) {
    @Override
    public String toString() {
      return "%,d states of power cuts, %,d of them different, %,d more within a recovery, %,d ms"
          .formatted(states, opened, again, millis);
    }
  }

  private final Recovery recovery;
  private final SplittableRandom random;
  private final Path shelf;
  private final boolean again;
  private final Set<Long> seen = new HashSet<>();
  private int opened;
  private int inner;

  private PowerCut(Recovery recovery, long seed, Path shelf, boolean again) {
    this.recovery = recovery;
    this.random = new SplittableRandom(seed);
    this.shelf = shelf;
    this.again = again;
  }

  /** Whether the long form of the proofs was asked for. */
  public static boolean isLong() {
    return "power".equals(System.getenv("HOLDFAST_LONG"));
  }

  /** A fresh folder in memory where there is room for one, since states come by the thousand. */
  public static Path folder() throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory)
        ? Files.createTempDirectory(memory, "holdfast-power")
        : Files.createTempDirectory("holdfast-power");
  }

  /** Takes a folder away with everything in it. */
  public static void clear(Path folder) throws IOException {
    CrashState.clear(folder);
  }

  /**
   * Plays at least so many states and says in the log how many.
   *
   * @param what was done on the tape
   * @throws AssertionError with the tape and the state, where a recovery fails
   */
  public static Played play(String what, Tape tape, int states, long seed, Recovery recovery)
      throws IOException {
    Played played = play(tape, states, seed, recovery);
    System.getLogger("power").log(System.Logger.Level.INFO, what + ": " + played);
    return played;
  }

  private static Played play(Tape tape, int states, long seed, Recovery recovery)
      throws IOException {
    Path shelf = folder();
    try {
      return new PowerCut(recovery, seed, shelf, true).play(tape, states);
    } finally {
      CrashState.clear(shelf);
    }
  }

  /** Whether a tape is found out within so many states. */
  public static boolean fails(Tape tape, int states, long seed, Recovery recovery)
      throws IOException {
    try {
      play(tape, states, seed, recovery);
      return false;
    } catch (AssertionError _) {
      return true;
    }
  }

  private Played play(Tape tape, int states) throws IOException {
    long begun = System.nanoTime();
    var moment = new Moment();
    int drawn = 0;
    int each = Math.ceilDiv(states, tape.steps().size() - tape.start() + 1);
    for (int step = 0; step <= tape.steps().size(); step++) {
      if (step >= tape.start()) {
        drawn += each;
        at(tape, step, moment, each);
      }
      if (step < tape.steps().size()) {
        moment.take(tape.steps().get(step));
      }
    }
    return new Played(drawn, opened, inner, (System.nanoTime() - begun) / 1_000_000);
  }

  private void at(Tape tape, int step, Moment moment, int each) throws IOException {
    List<Object> promised = moment.promises();
    for (int i = 0; i < each; i++) {
      CrashState state = moment.draw(i, random);
      if (seen.add(state.fingerprint() * 31 + promised.size())) {
        try {
          open(state, promised);
        } catch (Exception | AssertionError e) {
          throw new AssertionError(told(tape, step, state, e), e);
        }
      }
    }
  }

  private void open(CrashState state, List<Object> promised) throws Exception {
    Path root = Files.createDirectory(shelf.resolve(Integer.toString(opened++)));
    state.layOut(root);
    if (again && (opened <= AGAIN_AT_FIRST || opened % AGAIN_EVERY == 0)) {
      var disk = new RecordingDisk(root);
      recovery.open(root, disk, promised);
      Recovery still = (where, on, _) -> recovery.open(where, on, promised);
      var within = new PowerCut(still, random.nextLong(), shelf.resolve(opened + "-again"), false);
      Files.createDirectory(within.shelf);
      inner += within.play(disk.tape(), AGAIN_STATES).states();
      CrashState.clear(within.shelf);
    } else {
      recovery.open(root, Disk.local(), promised);
    }
    CrashState.clear(root);
  }

  private static String told(Tape tape, int step, CrashState state, Throwable why) {
    var text = new StringBuilder("a power cut loses something: " + why + "\n  after these steps:");
    for (Step taken : tape.steps().subList(Math.max(tape.start(), step - 30), step)) {
      text.append("\n    ").append(taken);
    }
    return text.append("\n  what was left:\n").append(state).toString();
  }
}
