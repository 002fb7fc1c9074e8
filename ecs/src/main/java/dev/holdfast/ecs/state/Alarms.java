// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.kit.Printable;
import dev.holdfast.service.Call;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What was refused because somebody acted as a host that it is not: counted, and told in {@code
 * ./holdfast status} for a day. Thread-safe; known to this process alone, since the audit keeps
 * each attempt for good.
 */
public final class Alarms {
  /** The session tag that marks a task's own session, and whatever it assumes. */
  private static final String TASK_TAG = "holdfast:task";

  private static final System.Logger LOG = System.getLogger("ecs.alarm");
  private static final int MOST = 32;
  private static final int LONGEST = 200;
  private static final Duration SHOWN = Duration.ofDays(1);

  private record Kind(String who, String what) {}

  private record Alarm(long times, Instant last) {}

  /** The latest last; guarded by this, as is the count. */
  private final Map<Kind, Alarm> alarms = new LinkedHashMap<>();

  private long crowdedOut;

  /**
   * Refuses a task's own session at what only agents do: no policy makes a container the agent of a
   * host.
   *
   * @param operation such as {@code SubmitTaskStateChange}
   */
  public void refuseTask(Call call, String operation) {
    String task = call.principal().tags().get(TASK_TAG);
    if (task != null) {
      raise(call, operation + " with the session of the task " + task);
      throw EcsError.ACCESS_DENIED.because(
          "a task's session may not call %s, which is for the agents of hosts", operation);
    }
  }

  /** Does what only the right agent may; where access is denied that is an alarm. */
  public <R> R watch(Call call, String what, Supplier<R> attempt) {
    try {
      return attempt.get();
    } catch (ApiError e) {
      if (e.code().equals(EcsError.ACCESS_DENIED.code())) {
        raise(call, what);
      }
      throw e;
    }
  }

  /**
   * Remembers a refused attempt.
   *
   * @param what was attempted, as in "a second stream of ..."
   */
  public void raise(Call call, String what) {
    var kind = new Kind(call.principal().arn().toString(), Printable.clipped(what, LONGEST));
    long times = count(kind, call.now());
    // Each further line tells of twice as many attempts, so that nobody fills the log.
    if (Long.bitCount(times) == 1) {
      LOG.log(
          System.Logger.Level.WARNING,
          "refused {0}: {1} ({2} times)",
          kind.who(),
          kind.what(),
          Long.toString(times));
    }
  }

  private synchronized long count(Kind kind, Instant now) {
    Alarm before = alarms.remove(kind);
    var next = new Alarm(before == null ? 1 : before.times() + 1, now);
    alarms.put(kind, next);
    while (alarms.size() > MOST) {
      Kind eldest = alarms.keySet().iterator().next();
      Alarm gone = alarms.remove(eldest);
      crowdedOut += gone == null ? 0 : gone.times();
    }
    return next.times();
  }

  /** The alarms of the last day, the latest last, each in one line with what to do about it. */
  public synchronized List<String> standing(Instant now) {
    alarms.values().removeIf(alarm -> alarm.last().plus(SHOWN).isBefore(now));
    var lines =
        new ArrayList<>(
            alarms.entrySet().stream().map(e -> text(e.getKey(), e.getValue())).toList());
    if (crowdedOut > 0) {
      lines.add("and " + crowdedOut + " earlier attempts; the audit has each");
    }
    return List.copyOf(lines);
  }

  private static String text(Kind kind, Alarm alarm) {
    return "refused "
        + kind.who()
        + ": "
        + kind.what()
        + " ("
        + alarm.times()
        + (alarm.times() == 1 ? " time" : " times")
        + ", last at "
        + alarm.last().truncatedTo(ChronoUnit.SECONDS)
        + "); where that was not you, take its keys and sessions away";
  }
}
