// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ecs.DeleteTaskDefinitionsResponse;
import dev.holdfast.aws.ecs.DeregisterTaskDefinitionResponse;
import dev.holdfast.ecs.control.Housekeeping;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.store.Table;
import java.util.List;
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
}
