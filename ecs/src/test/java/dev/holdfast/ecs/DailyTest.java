// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.daily.Daily;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.JournalEvent;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.state.Past;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people and their scripts are told from day to day. */
final class DailyTest {
  private final ServiceScene s = new ServiceScene();
  private final Fixture f = s.f;

  private static Daily.Query all() {
    return new Daily.Query("", "", false, null, "", 500);
  }

  private List<JsonObject> rows(JsonObject document, String name) {
    return document.array(name).stream().map(JsonObject.class::cast).toList();
  }

  private List<JournalEvent> events() {
    f.ecs.journal().drain();
    return f.ecs.journal().read(0, _ -> true, 500).events();
  }

  private List<String> named(String type, String member) {
    return events().stream()
        .map(JournalEvent::event)
        .filter(e -> type.equals(e.string("detail-type")))
        .map(e -> e.object("detail").string(member))
        .toList();
  }

  @Test
  void tellsHowADeploymentGoes() {
    s.create(ServiceScene.PROD + ",\"desiredCount\":2");
    s.run();
    assertThat(named("ECS Deployment State Change", "eventName"))
        .containsExactly("SERVICE_DEPLOYMENT_IN_PROGRESS", "SERVICE_DEPLOYMENT_COMPLETED");
    assertThat(named("ECS Service Action", "eventName")).containsExactly("SERVICE_STEADY_STATE");
    assertThat(named("ECS Task State Change", "lastStatus"))
        .startsWith("PENDING", "PENDING")
        .contains("RUNNING");
  }

  @Test
  void tellsOfATaskAsEventBridgeDoes() {
    var task = Scenes.task(Scenes.run(f, ServiceScene.PROD));
    JsonObject event = events().getLast().event();
    assertThat(event.string("source")).isEqualTo("aws.ecs");
    assertThat(event.string("account")).isEqualTo("123456789012");
    assertThat(event.string("region")).isEqualTo("eu-test-1");
    assertThat(event.string("id")).hasSize(36);
    assertThat(event.string("time")).isEqualTo("2026-11-25T12:00:00Z");
    JsonObject detail = event.object("detail");
    assertThat(detail.string("taskArn")).isEqualTo(task.taskArn());
    assertThat(detail.string("createdAt")).isEqualTo("2026-11-25T12:00:00Z");
    assertThat(detail.string("updatedAt")).isNotNull();
    assertThat(detail.integer("version")).isEqualTo(1);
    assertThat(detail.array("containers")).hasSize(1);
    String text = Json.text(event);
    f.state
        .read(view -> view.all(EcsTables.TASKS))
        .forEach(
            row ->
                assertThat(text)
                    .doesNotContain(String.valueOf(row.credentials().taskCredentialsId()))
                    .doesNotContain(String.valueOf(row.credentials().executionCredentialsId())));
  }

  @Test
  void seesEachVersionOfATaskOnceAndInOrder() {
    s.create(ServiceScene.PROD + ",\"desiredCount\":3");
    s.run();
    s.update(",\"desiredCount\":0");
    s.run();
    var versions = new java.util.HashMap<String, List<Long>>();
    for (JournalEvent event : events()) {
      JsonObject detail = event.event().object("detail");
      if (detail.string("taskArn") != null) {
        versions
            .computeIfAbsent(detail.string("taskArn"), _ -> new ArrayList<>())
            .add(detail.integer("version"));
      }
    }
    assertThat(versions).hasSize(3);
    versions
        .values()
        .forEach(
            seen -> {
              assertThat(seen).isSorted().doesNotHaveDuplicates();
            });
    assertThat(events()).extracting(JournalEvent::service).contains("web");
  }

  @Test
  void listsWhatRunsPageByPage() {
    s.create(ServiceScene.PROD + ",\"desiredCount\":5");
    s.run();
    var _ = Scenes.task(Scenes.run(f, ServiceScene.PROD));
    JsonObject whole = f.ecs.daily().tasks(all());
    assertThat(rows(whole, "tasks")).hasSize(6);
    assertThat(whole.string("next")).isNull();
    var seen = new ArrayList<String>();
    String after = "";
    while (after != null) {
      JsonObject page = f.ecs.daily().tasks(new Daily.Query("shop", "", false, null, after, 2));
      rows(page, "tasks").forEach(row -> seen.add(row.string("task")));
      after = page.string("next");
    }
    assertThat(seen)
        .containsExactlyElementsOf(
            rows(whole, "tasks").stream().map(row -> row.string("task")).toList());
    JsonObject row = rows(whole, "tasks").getLast();
    assertThat(row.string("name")).isEqualTo("web");
    assertThat(row.string("host")).isEqualTo("box");
    assertThat(row.string("status")).isEqualTo("RUNNING");
    assertThat(row.string("health")).isEqualTo("HEALTHY");
  }

  @Test
  void saysWhatToTypeWhereNothingRuns() {
    assertThat(f.ecs.daily().tasks(all()).string("hint"))
        .contains("aws ecs run-task --cluster shop --task-definition web");
    assertThat(
            f.ecs.daily().tasks(new Daily.Query("nowhere", "", false, null, "", 1)).string("hint"))
        .contains("no cluster of that name");
    assertThat(new Fixture().ecs.daily().tasks(all()).string("hint"))
        .contains("aws ecs create-cluster");
  }

  private void crash() {
    for (Task task : s.live()) {
      s.report(task, TaskStatus.Last.STOPPED, null, 3);
    }
    s.tend();
  }

  @Test
  void remembersWhatEndedLongerThanTheApi() {
    s.create(ServiceScene.PROD + ",\"desiredCount\":1");
    s.run();
    crash();
    f.now = f.now.plus(Duration.ofHours(3));
    new dev.holdfast.ecs.control.Housekeeping(
            f.state, new dev.holdfast.ecs.state.Tasks(f.fakeRoles))
        .sweep(f.now);
    var entries = rows(f.ecs.daily().history(all()), "entries");
    JsonObject task =
        entries.stream()
            .filter(e -> "EssentialContainerExited".equals(e.string("stopCode")))
            .findFirst()
            .orElseThrow();
    assertThat(task.string("name")).isEqualTo("web");
    JsonObject container = (JsonObject) task.array("containers").getFirst();
    assertThat(container.integer("exitCode")).isEqualTo(3);
    assertThat(container.string("digest")).isEqualTo(Fixture.DIGEST);
    JsonObject deployment =
        entries.stream()
            .filter(e -> "deployment".equals(e.string("kind")))
            .findFirst()
            .orElseThrow();
    assertThat(deployment.string("status")).isEqualTo("SUCCESSFUL");
    assertThat(deployment.string("definition")).isEqualTo("web:1");

    Past.prune(f.state, f.now.plus(Past.KEPT).plusSeconds(1));
    assertThat(rows(f.ecs.daily().history(all()), "entries")).isEmpty();
  }

  @Test
  void findsHistoryByServiceAndTime() {
    s.create(ServiceScene.PROD + ",\"desiredCount\":1");
    s.run();
    crash();
    assertThat(
            f.ecs.daily().history(new Daily.Query("", "other", false, null, "", 9)).string("hint"))
        .isNotNull();
    assertThat(
            rows(
                f.ecs.daily().history(new Daily.Query("shop", "web", false, null, "", 9)),
                "entries"))
        .hasSize(2);
    assertThat(
            rows(
                f.ecs.daily().history(new Daily.Query("", "", false, f.now.plusSeconds(1), "", 9)),
                "entries"))
        .isEmpty();
  }

  @Test
  void saysWhatIsWrongWithAServiceThatCrashes() {
    s.create(ServiceScene.PROD + ",\"desiredCount\":1");
    for (int i = 0; i < 4; i++) {
      s.pass(Duration.ofSeconds(30));
      crash();
    }
    JsonObject standing = f.ecs.daily().standing("");
    JsonObject finding = (JsonObject) standing.array("findings").getFirst();
    assertThat(finding.string("where")).isEqualTo("service shop/web");
    assertThat(finding.string("wrong")).contains("exit code 3");
    assertThat(finding.string("command")).startsWith("./holdfast logs ");
    JsonObject service = (JsonObject) standing.array("services").getFirst();
    assertThat(service.integer("desired")).isEqualTo(1);
    assertThat(service.string("rollout")).isEqualTo("IN_PROGRESS");
    JsonObject host = (JsonObject) standing.array("hosts").getFirst();
    assertThat(host.string("host")).isEqualTo("box");
  }

  @Test
  void hasNothingToFindWhereAllRuns() {
    s.create(ServiceScene.PROD + ",\"desiredCount\":2");
    s.run();
    assertThat(f.ecs.daily().standing("").array("findings")).isEmpty();
  }
}
