// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.JoinedHost;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.state.Launcher;
import dev.holdfast.kit.Arn;
import dev.holdfast.store.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which machine something is on. */
final class WhereTest {
  private static final String ENVIRONMENT =
      ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]";

  private final Fixture f = new Fixture();

  WhereTest() {
    Scenes.shop(f);
    f.connect();
  }

  private Task only() {
    List<Task> all = f.state.read(view -> view.all(EcsTables.TASKS));
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  @Test
  void aTaskOnAnotherMachineIsSaidToBeThereByItsName() {
    var _ = Scenes.task(Scenes.run(f, ENVIRONMENT));
    Task task = only();
    Arn arn = task.key().arn();
    assertThat(f.ecs.elsewhere(arn)).isEmpty();
    assertThat(
            f.ecs.elsewhere(
                new Task.Key(task.key().account(), task.key().region(), "shop", "none").arn()))
        .isEmpty();
    var moved =
        new Task(
            task.key(),
            task.launch(),
            new Task.Placement(task.place().instance(), "h1"),
            task.environment(),
            task.secrets(),
            task.credentials(),
            task.status(),
            task.containers(),
            task.verdicts());
    f.state.own(
        tx -> {
          tx.put(EcsTables.TASKS, task.key().account(), task.key(), moved);
          return moved;
        });
    assertThat(f.ecs.elsewhere(arn)).hasValue("h1");
    f.state.own(
        tx -> {
          tx.put(
              EcsTables.JOINED_HOSTS,
              Table.PLATFORM,
              "h1",
              new JoinedHost("h1", "north", "key", f.now, false));
          return moved;
        });
    assertThat(f.ecs.elsewhere(arn)).hasValue("north");
  }

  @Test
  void theInstancesOfAHostAreKnownWithoutAWalkOverAllTasks() {
    try (var launcher = new Launcher(f.deps, f.ecs.connections())) {
      for (int i = 0; i < 20; i++) {
        var _ = Scenes.task(Scenes.run(f, ENVIRONMENT));
      }
      List<ContainerInstance.Key> first = launcher.on(Host.LOCAL);
      assertThat(first).hasSize(1);
      var _ = Scenes.task(Scenes.run(f, ENVIRONMENT));
      f.store.reset();
      assertThat(launcher.on(Host.LOCAL)).isEqualTo(first);
      assertThat(launcher.on("h1")).isEmpty();
      assertThat(f.store.entries()).as("entries read after one task more").isLessThan(15);
    }
  }
}
