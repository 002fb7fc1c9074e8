// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ecs.CreateClusterResponse;
import dev.holdfast.aws.ecs.DeleteClusterResponse;
import dev.holdfast.aws.ecs.DeleteTaskDefinitionsResponse;
import dev.holdfast.aws.ecs.DeregisterContainerInstanceResponse;
import dev.holdfast.aws.ecs.DeregisterTaskDefinitionResponse;
import dev.holdfast.aws.ecs.RegisterContainerInstanceResponse;
import dev.holdfast.ecs.control.Housekeeping;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.Table;
import dev.holdfast.store.space.Urgency;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

final class HousekeepingTest {
  private static final int DELETED = 30;

  private final Fixture f = new Fixture();

  private void delete(String family) {
    var _ = Scenes.register(f, Scenes.WEB.replace("\"web\"", "\"" + family + "\""));
    var _ =
        f.call(
            "DeregisterTaskDefinition",
            "{\"taskDefinition\":\"" + family + ":1\"}",
            DeregisterTaskDefinitionResponse.class);
    var _ =
        f.call(
            "DeleteTaskDefinitions",
            "{\"taskDefinitions\":[\"" + family + ":1\"]}",
            DeleteTaskDefinitionsResponse.class);
  }

  @Test
  void forgetsDeletedDefinitionsWithoutOneWalkOverTheTasksForEach() {
    Scenes.shop(f);
    f.connect();
    for (int i = 0; i < 20; i++) {
      var _ = Scenes.task(Scenes.run(f, ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]"));
    }
    for (int i = 0; i < DELETED; i++) {
      delete("old" + i);
    }
    f.store.reset();

    new Housekeeping(f.state, new Tasks(f.fakeRoles)).sweep(f.now);

    assertThat(f.store.entries()).as("entries read").isLessThan(20 * DELETED);
    List<TaskDefinition> left = f.state.read(view -> view.all(EcsTables.TASK_DEFINITIONS));
    assertThat(left).hasSize(1);
  }

  @Test
  void endsItsWalkWhenThePlatformEnds() {
    for (int i = 0; i < 40; i++) {
      var _ = Scenes.register(f, Scenes.WEB.replace("\"web\"", "\"family" + i + "\""));
    }
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> new Housekeeping(f.state, new Tasks(f.fakeRoles)).sweep(f.now))
          .isInstanceOf(CancellationException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void looksForLostBookingsWithoutOneWalkOverTheTasksForEachHost() {
    Scenes.shop(f);
    f.connect();
    for (int i = 0; i < 10; i++) {
      var _ = Scenes.task(Scenes.run(f, ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]"));
    }
    f.state.own(
        tx -> {
          for (int i = 0; i < 50; i++) {
            var host = new Host("h" + i, "", 1024, 1024, List.of(), List.of(), List.of());
            tx.put(EcsTables.HOSTS, Table.PLATFORM, host.id(), host);
          }
          return tx;
        });
    f.store.reset();

    new Housekeeping(f.state, new Tasks(f.fakeRoles)).sweep(f.now);

    assertThat(f.store.entries()).as("entries read").isLessThan(150);
  }

  private String registered(String more) {
    var answer =
        f.call(
            "RegisterContainerInstance",
            "{\"cluster\":\"shop\",\"totalResources\":["
                + "{\"name\":\"CPU\",\"type\":\"INTEGER\",\"integerValue\":1024},"
                + "{\"name\":\"MEMORY\",\"type\":\"INTEGER\",\"integerValue\":1024}]"
                + more
                + "}",
            RegisterContainerInstanceResponse.class);
    return String.valueOf(
        Objects.requireNonNull(answer.containerInstance()).containerInstanceArn());
  }

  private List<String> instances() {
    return f.state.read(
        view -> view.all(EcsTables.INSTANCES).stream().map(i -> i.key().arn().toString()).toList());
  }

  @Test
  void forgetsAnInstanceAnHourAfterItWasTakenOutOfItsCluster() {
    Scenes.shop(f);
    String gone = registered("");
    String stays = registered("");
    var _ =
        f.call(
            "DeregisterContainerInstance",
            "{\"cluster\":\"shop\",\"containerInstance\":\"" + gone + "\"}",
            DeregisterContainerInstanceResponse.class);
    var housekeeping = new Housekeeping(f.state, new Tasks(f.fakeRoles));
    housekeeping.sweep(f.now);
    housekeeping.sweep(f.now.plus(Duration.ofMinutes(59)));
    assertThat(instances()).contains(gone, stays);
    housekeeping.sweep(f.now.plus(Duration.ofMinutes(61)));
    housekeeping.sweep(f.now.plus(Duration.ofMinutes(62)));
    assertThat(instances()).contains(stays).doesNotContain(gone);
    List<String> hosts =
        f.state.read(
            view -> view.list(EcsTables.HOSTS, Table.PLATFORM).stream().map(Host::id).toList());
    assertThat(hosts)
        .contains(stays.substring(stays.lastIndexOf('/') + 1))
        .doesNotContain(gone.substring(gone.lastIndexOf('/') + 1));
    assertThatThrownBy(() -> registered(",\"containerInstanceArn\":\"" + gone + "\""))
        .hasMessageContaining("was deregistered");
    assertThat(registered(",\"containerInstanceArn\":\"" + stays + "\"")).isEqualTo(stays);
  }

  private boolean knows(String cluster) {
    return f.state.read(
        view ->
            view.all(EcsTables.CLUSTERS).stream()
                .anyMatch(row -> row.key().name().equals(cluster)));
  }

  @Test
  void forgetsAClusterAnHourAfterItWasDeletedAndNoneThatIsThereAgain() {
    for (String name : List.of("gone", "again", "stays")) {
      String named = "{\"clusterName\":\"" + name + "\"}";
      var _ = f.call("CreateCluster", named, CreateClusterResponse.class);
      if (!name.equals("stays")) {
        String deleted = "{\"cluster\":\"" + name + "\"}";
        var _ = f.call("DeleteCluster", deleted, DeleteClusterResponse.class);
      }
    }
    var housekeeping = new Housekeeping(f.state, new Tasks(f.fakeRoles));
    housekeeping.sweep(f.now);
    var _ = f.call("CreateCluster", "{\"clusterName\":\"again\"}", CreateClusterResponse.class);
    housekeeping.sweep(f.now.plus(Duration.ofMinutes(59)));
    assertThat(knows("gone")).as("for an hour").isTrue();
    housekeeping.sweep(f.now.plus(Duration.ofMinutes(61)));
    assertThat(knows("gone")).isFalse();
    assertThat(knows("again")).isTrue();
    assertThat(knows("stays")).isTrue();
  }

  @Test
  void whatIsOnlyForgottenWaitsForSpaceAndWhatFreesAHostDoesNot() {
    Scenes.shop(f);
    f.connect();
    var full =
        new State(
            new Database(f.store),
            urgency -> {
              if (urgency != Urgency.VITAL) {
                throw new StoreFull("the disk is full");
              }
            });
    var housekeeping = new Housekeeping(full, new Tasks(f.fakeRoles));
    Instant begin = f.now;
    var _ = Scenes.task(Scenes.run(f, ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]"));
    housekeeping.sweep(begin.plus(Duration.ofMinutes(31)));
    assertThat(live()).as("nobody took it: it is given up on a full disk").isEmpty();
    f.now = begin.plus(Duration.ofHours(1));
    var _ = Scenes.task(Scenes.run(f, ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]"));
    Instant later = begin.plus(Duration.ofHours(2));
    assertThatThrownBy(() -> housekeeping.sweep(later)).isInstanceOf(StoreFull.class);
    assertThat(live()).isEmpty();
    assertThat(all()).as("the first waits").hasSize(2);
    new Housekeeping(f.state, new Tasks(f.fakeRoles)).sweep(later);
    assertThat(all()).hasSize(1);
  }

  private List<Task> all() {
    return f.state.read(view -> view.all(EcsTables.TASKS));
  }

  private List<Task> live() {
    return all().stream().filter(Task::live).toList();
  }
}
