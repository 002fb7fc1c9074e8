// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.StoppedTask;
import dev.holdfast.kit.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is wrong, and what to type: facts in, findings out. Pure. */
public final class Diagnosis {
  /** So many findings tell enough. */
  static final int MOST = 20;

  /** A task that is not running by then waits for something. */
  static final Duration SLOW = Duration.ofMinutes(2);

  private static final int LONGEST = 300;
  private static final int SHORT_ID = 12;
  private static final int KILLED = 137;
  private static final Pattern EXPLAINED = Pattern.compile("([0-9a-f]{8}-[0-9a-f-]{27})");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");
  private static final Pattern PARAMETER = Pattern.compile("(/[A-Za-z0-9_.\\-/]+)");

  private Diagnosis() {}

  /**
   * What is wrong.
   *
   * @param where what it is wrong with
   * @param command what to type next
   */
  public record Finding(String where, String wrong, String command) {}

  /**
   * A service.
   *
   * @param going whether its deployment goes on
   * @param failed whether its deployment failed
   * @param trouble what its scheduler said last of its trouble, or null
   * @param retryAt before this no task is started, or null
   * @param good the definition of the last completed deployment, where it is another one, or null
   * @param ended its newest task that ended by itself since the deployment began, or null
   */
  public record ServiceFacts(
      String cluster,
      String name,
      int desired,
      int running,
      boolean going,
      boolean failed,
      int failedTasks,
      @Nullable String trouble,
      @Nullable Instant retryAt,
      @Nullable String good,
      @Nullable StoppedTask ended) {}

  /**
   * A host.
   *
   * @param tasks that live there
   */
  public record HostFacts(String name, boolean local, boolean connected, int tasks) {}

  /** A task that is not running yet; {@code pulling} since it asked for its image. */
  public record Waiting(String cluster, String id, Instant since, boolean pulling) {}

  /** All that is looked at. */
  public record Facts(
      List<ServiceFacts> services,
      List<HostFacts> hosts,
      List<StoppedTask> ended,
      List<Waiting> waiting,
      Instant now) {}

  /** The findings, hosts first: what is wrong with one explains the rest. */
  public static List<Finding> of(Facts facts) {
    var found = new ArrayList<Finding>();
    for (HostFacts host : facts.hosts()) {
      if (!host.connected() && (host.local() || host.tasks() > 0)) {
        found.add(host(host));
      }
    }
    for (ServiceFacts service : facts.services()) {
      Finding finding = service(service, facts.now());
      if (finding != null) {
        found.add(finding);
      }
    }
    for (Waiting task : facts.waiting()) {
      if (task.since().plus(SLOW).isBefore(facts.now())) {
        found.add(waiting(task, facts.now()));
      }
    }
    for (StoppedTask task : facts.ended()) {
      if (byItself(task)) {
        Cause cause = cause(task);
        found.add(new Finding("task " + id(task), cause.wrong(), cause.command()));
      }
    }
    return found.size() > MOST ? List.copyOf(found.subList(0, MOST)) : List.copyOf(found);
  }

  private static Finding host(HostFacts host) {
    String tasks = host.tasks() == 0 ? "" : "; " + host.tasks() + " tasks are on it";
    return host.local()
        ? new Finding(
            "host " + host.name(),
            "its agent does not answer, so no task starts or stops here" + tasks,
            "systemctl status docker")
        : new Finding(
            "host " + host.name(),
            "it is silent"
                + tasks
                + ": after 90 seconds services start theirs elsewhere; see whether its agent runs,"
                + " and reaches this machine",
            "./holdfast host list");
  }

  private static @Nullable Finding service(ServiceFacts s, Instant now) {
    StoppedTask ended = s.ended();
    boolean troubled = s.trouble() != null || s.failedTasks() > 0 || s.failed();
    if (!troubled || (!s.failed() && s.running() >= s.desired() && !s.going())) {
      return null;
    }
    String where = "service " + s.cluster() + "/" + s.name();
    String count = s.running() + " of " + s.desired() + " run";
    String again =
        s.retryAt() == null || !s.retryAt().isAfter(now)
            ? ""
            : "; tried again in " + told(Duration.between(now, s.retryAt()));
    if (ended != null && (s.trouble() == null || !s.trouble().contains("unable to place"))) {
      Cause cause = cause(ended);
      String failed = s.failedTasks() > 1 ? " (" + s.failedTasks() + " tasks failed so far)" : "";
      String back =
          s.failed() && s.good() == null
              ? "; the deployment failed, so when that is mended: aws ecs update-service --cluster"
                  + " %s --service %s --force-new-deployment"
                      .formatted(word(s.cluster()), word(s.name()))
              : "";
      return new Finding(
          where, count + "; " + cause.wrong() + failed + again + back, cause.command());
    }
    if (s.trouble() != null) {
      return placed(s, where, count + "; it " + clipped(s.trouble()) + again);
    }
    return new Finding(
        where,
        count + "; " + s.failedTasks() + " tasks failed" + again,
        "./holdfast history --service " + word(s.name()));
  }

  private static Finding placed(ServiceFacts s, String where, String wrong) {
    String trouble = String.valueOf(s.trouble());
    if (trouble.contains("insufficient") || trouble.contains("port required")) {
      String mend =
          " Make room, ask for less in the task definition, or add a machine with ./holdfast host"
              + " invite.";
      return new Finding(where, wrong + mend, "./holdfast top --once");
    }
    if (trouble.contains("\"AGENT\"")) {
      return new Finding(where, wrong + " No agent listens.", "./holdfast host list");
    }
    return new Finding(
        where,
        wrong,
        "aws ecs describe-services --cluster %s --services %s --query 'services[0].events[:5]'"
            .formatted(word(s.cluster()), word(s.name())));
  }

  private static Finding waiting(Waiting task, Instant now) {
    String since = told(Duration.between(task.since(), now));
    String id = task.id().substring(0, Math.min(SHORT_ID, task.id().length()));
    return task.pulling()
        ? new Finding(
            "task " + id, "it has fetched its image for " + since, "./holdfast task explain " + id)
        : new Finding(
            "task " + id,
            "it has waited for its host for " + since,
            "./holdfast task explain " + id);
  }

  /** Whether a task ended otherwise than somebody asked for. */
  public static boolean byItself(StoppedTask task) {
    String code = String.valueOf(task.stopCode());
    boolean failed =
        task.containers().stream()
            .anyMatch(c -> c.exitCode() != null && c.exitCode() != 0 && c.essential());
    return code.equals("TaskFailedToStart") || (code.equals("EssentialContainerExited") && failed);
  }

  /** Why, and what to type. */
  public record Cause(String wrong, String command) {}

  /** Why a task ended, as far as it was told. */
  public static Cause cause(StoppedTask task) {
    String reason = reason(task);
    String explain = "./holdfast task explain " + id(task);
    if (reason.contains("CannotPullContainer") || reason.contains("CannotPullImage")) {
      return image(task, reason);
    }
    if (reason.contains("ResourceInitializationError")) {
      return new Cause(clipped(reason), initialization(reason, explain));
    }
    StoppedTask.Ended ended = worst(task);
    if (ended != null && ended.exitCode() != null && ended.exitCode() != 0) {
      String name = ended.name();
      String told = ended.reason() == null ? "" : " (" + clipped(ended.reason()) + ")";
      if (String.valueOf(ended.reason()).contains("OutOfMemory")) {
        return new Cause(
            "container "
                + name
                + " needs more memory than it may have, and was killed: register the task definition"
                + " with more `memory`",
            "./holdfast top --once");
      }
      String killed = ended.exitCode() == KILLED ? ", killed" : "";
      return new Cause(
          "container " + name + " ends with exit code " + ended.exitCode() + killed + told,
          "./holdfast logs " + id(task));
    }
    if (reason.contains("health check")) {
      return new Cause(clipped(reason), "./holdfast logs " + id(task));
    }
    return new Cause(reason.isEmpty() ? "it stopped" : clipped(reason), explain);
  }

  private static Cause image(StoppedTask task, String reason) {
    String image =
        task.containers().stream()
            .filter(c -> String.valueOf(c.reason()).contains("CannotPull"))
            .map(StoppedTask.Ended::image)
            .findFirst()
            .orElseGet(
                () -> task.containers().isEmpty() ? "IMAGE" : task.containers().getFirst().image());
    boolean missing =
        reason.contains("not found") || reason.contains("unknown") || reason.contains("not exist");
    boolean refused =
        reason.contains("denied") || reason.contains("unauthorized") || reason.contains("403");
    if (missing) {
      return new Cause(
          "the image " + image + " is not there: " + clipped(reason), "docker push " + word(image));
    }
    if (refused) {
      return new Cause(
          "the image "
              + image
              + " may not be pulled: "
              + clipped(reason)
              + "; the task's execution role needs ecr:BatchGetImage and ecr:GetDownloadUrlForLayer",
          "./holdfast task explain " + id(task));
    }
    return new Cause(clipped(reason), "docker pull " + word(image));
  }

  private static String initialization(String reason, String explain) {
    Matcher denied = EXPLAINED.matcher(reason);
    if (reason.contains("AccessDenied") && denied.find()) {
      return "./holdfast explain " + denied.group(1);
    }
    Matcher parameter = PARAMETER.matcher(reason);
    boolean missing =
        reason.contains("ParameterNotFound")
            || reason.contains("invalid parameters")
            || reason.contains("invalid ssm parameters");
    if (missing && parameter.find()) {
      return "aws ssm put-parameter --type SecureString --name "
          + parameter.group(1)
          + " --value file:///dev/stdin";
    }
    return explain;
  }

  private static StoppedTask.@Nullable Ended worst(StoppedTask task) {
    for (StoppedTask.Ended one : task.containers()) {
      if (one.essential() && one.exitCode() != null && one.exitCode() != 0) {
        return one;
      }
    }
    return task.containers().stream().filter(c -> c.reason() != null).findFirst().orElse(null);
  }

  /** The words that say most: a container's own where the task has AWS's general ones. */
  public static String reason(StoppedTask task) {
    String own = String.valueOf(task.reason() == null ? "" : task.reason());
    if (own.isEmpty() || own.equals("Task failed to start")) {
      return task.containers().stream()
          .map(StoppedTask.Ended::reason)
          .filter(r -> r != null && !r.isEmpty())
          .findFirst()
          .orElse(own);
    }
    return own;
  }

  private static String id(StoppedTask task) {
    String id = task.key().id();
    return id.substring(0, Math.min(SHORT_ID, id.length()));
  }

  /** Others' words as one word of a command that somebody will paste into a shell. */
  static String word(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private static String clipped(String text) {
    return Printable.clipped(text, LONGEST);
  }

  private static String told(Duration time) {
    long seconds = Math.max(1, time.toSeconds());
    return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
  }
}
