// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.TaskManifestMessage;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.port.Roles;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.ecs.state.Usage;
import dev.holdfast.http.WebSocketConnection;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.service.State;
import dev.holdfast.store.CountedStore;
import dev.holdfast.store.Database;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import dev.holdfast.store.memory.MemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the script of an instance with many tasks tells, and what it reads for that. */
final class InstanceScriptTest {
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final Region REGION = new Region("eu-test-1");
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final ContainerInstance.Key INSTANCE =
      new ContainerInstance.Key(ACCOUNT, REGION, "shop", "a".repeat(32));
  private static final int MANY = 300;

  private final CountedStore store = new CountedStore(new MemoryStore());
  private final State state = new State(new Database(store, 0));
  private final Tasks tasks = new Tasks(new NoRoles());
  private final List<AgentMessage> said = new ArrayList<>();
  private final InstanceScript script =
      new InstanceScript(
          new InstanceScript.Tools(
              state,
              tasks,
              new TaskSessions(new NoRoles(), new SimPlatform.SimImages()),
              new Usage(),
              () -> NOW),
          INSTANCE,
          new Outbox(new Ear(), () -> 0L, new Random(1)),
          new InstanceScript.Agent(false, Dialect.OURS));

  InstanceScriptTest() {
    state.own(
        tx -> {
          tx.put(
              EcsTables.INSTANCES,
              ACCOUNT,
              INSTANCE,
              new ContainerInstance(
                  INSTANCE,
                  INSTANCE.id(),
                  new ContainerInstance.Binding("AIDABOX", "AKIABOX"),
                  ContainerInstance.Status.ACTIVE,
                  NOW,
                  JsonObject.EMPTY,
                  0,
                  1));
          for (int i = 0; i < MANY; i++) {
            Task task = task(i);
            tx.put(EcsTables.TASKS, ACCOUNT, task.key(), task);
          }
          return INSTANCE;
        });
  }

  private static Task task(int number) {
    var placed = TaskStatus.placed(NOW);
    return new Task(
        key(number),
        new Task.Launch(
            new TaskDefinition.Key(ACCOUNT, REGION, "web", 1),
            "family:web",
            null,
            "EC2",
            JsonObject.EMPTY,
            null,
            null),
        new Task.Placement(INSTANCE.id(), INSTANCE.id()),
        new Task.Environment(null, "none"),
        List.of(),
        new Task.Credentials(null, null, null, null, List.of()),
        placed.told().with(TaskStatus.Last.RUNNING, placed.times().started(NOW)),
        List.of(),
        List.of());
  }

  private static Task.Key key(int number) {
    return new Task.Key(ACCOUNT, REGION, "shop", Ids.padded(number, 32));
  }

  private void stop(int number) {
    state.own(
        tx -> {
          Task task = Objects.requireNonNull(tx.get(EcsTables.TASKS, ACCOUNT, key(number)));
          Task stopping = TaskTransitions.stop(task, "enough", NOW);
          tx.put(EcsTables.TASKS, ACCOUNT, key(number), stopping);
          return task;
        });
  }

  private List<String> stopped() {
    return said.stream()
        .filter(PayloadMessage.class::isInstance)
        .flatMap(m -> ((PayloadMessage) m).tasks().stream())
        .filter(t -> t.desiredStatus().equals("STOPPED"))
        .map(PayloadTask::arn)
        .toList();
  }

  private static String arn(int number) {
    return key(number).arn().toString();
  }

  @Test
  void readsOneTaskWhereOneHasChanged() throws IOException {
    assertThat(script.tell(Signals.Woken.ALL)).isTrue();
    assertThat(((TaskManifestMessage) said.getFirst()).tasks()).hasSize(MANY);
    stop(7);
    store.reset();
    assertThat(script.tell(new Signals.Woken(false, Set.of(key(7))))).isTrue();
    assertThat(stopped()).containsExactly(arn(7));
    assertThat(store.entries()).isLessThan(10);
    assertThat(script.tell(new Signals.Woken(false, Set.of(key(7))))).isTrue();
    assertThat(stopped()).as("it is told once").containsExactly(arn(7));
  }

  @Test
  void tellsWhatNobodyWokeItForWhenItLooksAtAll() throws IOException {
    assertThat(script.tell(Signals.Woken.ALL)).isTrue();
    stop(7);
    stop(8);
    assertThat(script.tell(new Signals.Woken(false, Set.of(key(8), key(MANY))))).isTrue();
    assertThat(stopped()).containsExactly(arn(8));
    assertThat(script.tell(Signals.Woken.ALL)).isTrue();
    assertThat(stopped()).containsExactly(arn(8), arn(7));
  }

  @Test
  void endsWithTheLastTaskOfAnInstanceThatWasTakenOut() throws IOException {
    assertThat(script.tell(Signals.Woken.ALL)).isTrue();
    state.own(
        tx -> {
          ContainerInstance row =
              Objects.requireNonNull(tx.get(EcsTables.INSTANCES, ACCOUNT, INSTANCE));
          tx.put(
              EcsTables.INSTANCES, ACCOUNT, INSTANCE, row.with(ContainerInstance.Status.INACTIVE));
          return row;
        });
    var unknown = new Signals.Woken(false, Set.of(key(MANY)));
    assertThat(script.tell(unknown)).as("others live").isTrue();
    state.own(
        tx -> {
          for (int i = 0; i < MANY; i++) {
            tx.delete(EcsTables.TASKS, ACCOUNT, key(i));
          }
          return INSTANCE;
        });
    assertThat(script.tell(unknown)).isFalse();
  }

  @Test
  void aStreamIsWokenForWhatChangedSinceAndForAllWhereNothingDid() throws InterruptedException {
    var signals = new Signals();
    signals.wake("one", key(1));
    signals.wake("one", key(2));
    assertThat(signals.await("one", Duration.ofMinutes(1)))
        .isEqualTo(new Signals.Woken(false, Set.of(key(1), key(2))));
    assertThat(signals.await("one", Duration.ZERO)).isEqualTo(Signals.Woken.ALL);
    signals.wake("one", key(3));
    signals.wakeAll();
    assertThat(signals.await("one", Duration.ofMinutes(1)).all()).isTrue();
  }

  @Test
  void restsLongerWhereThereIsMuchToLookThrough() {
    assertThat(Controllers.rest(0)).isEqualTo(30_000);
    assertThat(Controllers.rest(Duration.ofSeconds(1).toNanos())).isEqualTo(30_000);
    assertThat(Controllers.rest(Duration.ofSeconds(5).toNanos())).isEqualTo(95_000);
    assertThat(Controllers.rest(Duration.ofHours(5).toNanos())).isEqualTo(300_000);
  }

  /** Hears what is said. */
  private final class Ear implements WebSocketConnection {
    @Override
    public void send(String text) {
      AgentMessage message = AgentFrame.read(text);
      if (message != null) {
        said.add(message);
      }
    }

    @Override
    public void send(byte[] bytes) {
      throw new AssertionError("no bytes are sent");
    }

    @Override
    public Optional<Message> next(Duration timeout) {
      return Optional.empty();
    }

    @Override
    public Optional<String> receive(Duration timeout) {
      return Optional.empty();
    }

    @Override
    public void close(int status, String reason) {}

    @Override
    public boolean isOpen() {
      return true;
    }
  }

  /** These tasks have no roles. */
  private static final class NoRoles implements Roles {
    @Override
    public Optional<Role> find(View view, Arn role, Arn source) {
      return Optional.of(new Role(role, Map.of(), true));
    }

    @Override
    public Optional<Drawn> draw(Wanted wanted, Arn source, Instant now) {
      return Optional.empty();
    }

    @Override
    public void end(Tx tx, Arn role, Collection<String> sessionIds, Instant now) {}
  }
}
