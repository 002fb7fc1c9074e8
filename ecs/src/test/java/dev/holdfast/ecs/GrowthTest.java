// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.Shape;
import dev.holdfast.aws.ecs.DescribeClustersResponse;
import dev.holdfast.aws.ecs.DescribeTasksResponse;
import dev.holdfast.aws.ecs.ListTasksResponse;
import dev.holdfast.aws.ecs.RegisterContainerInstanceResponse;
import dev.holdfast.aws.ecs.RunTaskResponse;
import dev.holdfast.aws.ecs.StopTaskResponse;
import dev.holdfast.aws.ecs.Task;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Profile;
import dev.holdfast.store.Database;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a call reads among few tasks and among many, a hundred hosts of them. Nothing is timed. */
final class GrowthTest {
  private static final int EACH = 10;

  /** So many rows are read at once where all are visited. */
  private static final int MOST_AT_ONCE = 512;

  private static final String DEV = ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]";
  private static final String RUN = "{\"cluster\":\"shop\",\"taskDefinition\":\"web\"" + DEV + "}";

  /** No row is kept, so that each that is read is counted. */
  private final Fixture f = new Fixture(Profile.STANDARD, store -> new Database(store, 0));

  private final List<String> running = new ArrayList<>();
  private int hosts;

  GrowthTest() {
    Scenes.shop(f);
  }

  private void join() {
    hosts++;
    var made =
        f.call(
                Fixture.principal(Fixture.ACCOUNT, "AIDAHOST" + hosts, "AKIAHOST" + hosts),
                "RegisterContainerInstance",
                "{\"cluster\":\"shop\",\"totalResources\":["
                    + "{\"name\":\"CPU\",\"type\":\"INTEGER\",\"integerValue\":4096},"
                    + "{\"name\":\"MEMORY\",\"type\":\"INTEGER\",\"integerValue\":4096}]}",
                RegisterContainerInstanceResponse.class)
            .containerInstance();
    String arn = String.valueOf(Objects.requireNonNull(made).containerInstanceArn());
    assertThat(f.ecs.connections().open(arn, new Connections.Peer("1.0", "1"))).isPresent();
  }

  private void grow(int size) {
    while (running.size() < size) {
      join();
      List<Task> started = Scenes.run(f, DEV + ",\"count\":" + EACH).tasks();
      assertThat(started).hasSize(EACH);
      started.forEach(task -> running.add(String.valueOf(task.taskArn())));
    }
  }

  private <O extends Shape> int reads(String name, String json, Class<O> output) {
    f.store.reset();
    var _ = f.call(name, json, output);
    return f.store.entries();
  }

  /** Instances, running tasks and pending tasks as DescribeClusters tells them. */
  private List<Integer> counted() {
    var cluster =
        f.call("DescribeClusters", "{\"clusters\":[\"shop\"]}", DescribeClustersResponse.class)
            .clusters()
            .getFirst();
    return List.of(
        Objects.requireNonNull(cluster.registeredContainerInstancesCount()),
        Objects.requireNonNull(cluster.runningTasksCount()),
        Objects.requireNonNull(cluster.pendingTasksCount()));
  }

  private int tasksOf(TaskStatus.Last status) {
    return (int)
        f.state
            .<Long>read(
                view ->
                    view.all(EcsTables.TASKS).stream()
                        .filter(task -> task.status().lastStatus() == status)
                        .count())
            .longValue();
  }

  private Map<String, Integer> reads() {
    String one = running.get(running.size() / 2);
    Arn arn = Arn.parse(one).orElseThrow();
    var reads = new LinkedHashMap<String, Integer>();
    // What has changed since is heard by the first call; the second shows what one costs.
    reads("RunTask", RUN, RunTaskResponse.class);
    reads.put("RunTask", reads("RunTask", RUN, RunTaskResponse.class));
    reads.put(
        "StopTask",
        reads(
            "StopTask",
            "{\"cluster\":\"shop\",\"task\":\"" + running.removeLast() + "\"}",
            StopTaskResponse.class));
    reads.put(
        "DescribeTasks",
        reads(
            "DescribeTasks",
            "{\"cluster\":\"shop\",\"tasks\":[\"" + one + "\"]}",
            DescribeTasksResponse.class));
    String clusters = "{\"clusters\":[\"shop\"]}";
    reads("DescribeClusters", clusters, DescribeClustersResponse.class);
    reads.put(
        "DescribeClusters", reads("DescribeClusters", clusters, DescribeClustersResponse.class));
    // A page, and where one of its tasks is not wanted any more a piece beyond it.
    assertThat(
            reads("ListTasks", "{\"cluster\":\"shop\",\"maxResults\":10}", ListTasksResponse.class))
        .isBetween(10, 250);
    f.store.reset();
    assertThat(f.ecs.explain(arn)).isPresent();
    reads.put("explain", f.store.entries());
    f.store.reset();
    assertThat(f.ecs.logStreams(arn)).isEmpty();
    reads.put("log streams", f.store.entries());
    return reads;
  }

  @Test
  void callsReadAsMuchAmongAThousandTasksAsAmongFifty() {
    grow(50);
    Map<String, Integer> few = reads();
    grow(1_000);
    Map<String, Integer> many = reads();
    assertThat(many).isEqualTo(few);
    // After RunTask twice and StopTask, each time; what is stopped waits for its agent.
    assertThat(counted())
        .containsExactly(hosts, tasksOf(TaskStatus.Last.RUNNING), tasksOf(TaskStatus.Last.PENDING));
    assertThat(many.values()).allSatisfy(read -> assertThat(read).isBetween(1, 40));
  }

  /** Of a hundred thousand of them memory holds no more than their keys. */
  @Test
  void nothingThatIsSaidOrDoneOfAllTasksHoldsAllOfThem() {
    grow(2 * MOST_AT_ONCE);
    int all = running.size();
    String one = running.getLast();
    f.store.reset();
    assertThat(f.ecs.liveTaskCount()).isEqualTo(all);
    assertThat(f.ecs.liveTasks()).hasSize(all);
    assertThat(f.ecs.tasksNamed(one, "shop")).extracting(Arn::toString).containsExactly(one);
    var cluster = (JsonObject) f.ecs.daily().standing("").array("clusters").getFirst();
    assertThat(
            Objects.requireNonNull(cluster.integer("running"))
                + Objects.requireNonNull(cluster.integer("pending")))
        .isEqualTo(all);
    f.ecs.stopAll("Holdfast was told to stop");
    assertThat(f.store.largest()).isLessThanOrEqualTo(MOST_AT_ONCE);
    List<dev.holdfast.ecs.model.Task> left = f.state.read(view -> view.all(EcsTables.TASKS));
    assertThat(left).noneMatch(dev.holdfast.ecs.model.Task::wanted);
  }
}
