// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.daily;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands of every day print. */
class DailyTextTest {
  private static final Instant NOW = Instant.parse("2026-11-26T03:00:00Z");

  private static final JsonObject TASKS =
      Json.parseObject(
          """
          {"tasks":[{"id":"0123456789ab","name":"web","cluster":"shop","status":"RUNNING",
            "desired":"RUNNING","health":"HEALTHY","host":"box","since":"2026-11-26T02:55:00Z",
            "ports":["32768->80"],"images":["127.0.0.1:4566/shop/web:1"],
            "use":[{"container":"app","cpuPercent":12.5,"memoryMiB":64.2,"limitMiB":128}]},
           {"id":"ba9876543210","name":"evil\\u001b[2J\\nname","cluster":"shop","status":"RUNNING",
            "desired":"STOPPED","health":"UNKNOWN","host":"box","since":"2026-11-24T02:55:00Z",
            "ports":[],"images":["nginx:1"],"reason":"over\\u202eturned","use":[]}]}
          """);

  @Test
  void listsTasksInColumns() {
    assertThat(Ps.table(TASKS, false, NOW).text(0))
        .startsWith("TASK          NAME  ".substring(0, 12))
        .contains("0123456789ab  web")
        .contains("32768->80  shop/web:1")
        .contains("5m")
        .contains("STOPPING")
        .contains("2d");
  }

  @Test
  void printsNothingThatActs() {
    String text = Ps.table(TASKS, true, NOW).text(0);
    assertThat(text.lines().count()).isEqualTo(3);
    assertThat(text.chars().filter(c -> c != '\n').allMatch(c -> c >= 32)).isTrue();
    assertThat(text).doesNotContain("\u202e");
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 100, 132})
  void fitsATerminal(int width) {
    String text = Ps.table(TASKS, true, NOW).text(width);
    assertThat(text.lines().allMatch(line -> line.length() <= width)).isTrue();
    assertThat(text).contains("0123456789ab");
  }

  @Test
  void keepsWholeWordsWhereThereIsNoTerminal() {
    var columns = new Columns("A", "B");
    columns.add(List.of("y", "x".repeat(300)));
    assertThat(columns.text(0)).contains("y  " + "x".repeat(300));
    assertThat(columns.text(40).lines().toList().get(1)).hasSize(40).contains("~");
  }

  @Test
  void sortsByProcessorTime() {
    String text = Top.table(TASKS, 0);
    assertThat(text.lines().toList().get(1)).contains("12.5", "64.2Mi", "128Mi", "50");
    assertThat(text.lines().toList().get(2)).startsWith("ba9876543210");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-26T02:59:30Z, 30s",
    "2026-11-26T02:30:00Z, 30m",
    "2026-11-25T22:00:00Z, 5h",
    "2026-11-01T22:00:00Z, 24d",
    "2026-11-26T03:00:05Z, 0s",
    "never, ''"
  })
  void tellsHowLongAgo(String time, String told) {
    assertThat(Words.ago(time, NOW)).isEqualTo(told);
  }

  @Test
  void showsWhatHasEnded() {
    JsonObject history =
        Json.parseObject(
            """
            {"entries":[{"kind":"task","id":"0123456789ab","name":"web","cluster":"shop",
              "definition":"web:3","host":"box","at":"2026-11-26T02:55:00.123Z",
              "stopCode":"EssentialContainerExited","reason":"Essential container in task exited",
              "containers":[{"name":"app","image":"127.0.0.1:4566/shop/web:1","exitCode":3,
               "digest":"sha256:0123456789abcdef0123"}]},
             {"kind":"deployment","id":"AbC","name":"web","cluster":"shop","definition":"web:3",
              "at":"2026-11-26T02:54:00Z","status":"SUCCESSFUL","reason":""}]}
            """);
    assertThat(History.table(history).text(0))
        .contains("2026-11-26T02:55:00Z  task", "app=3", "shop/web:1@0123456789ab")
        .contains("2026-11-26T02:54:00Z  deployment", "SUCCESSFUL");
  }

  @Test
  void showsEventsOnOneLineEach() {
    JsonObject task =
        Json.parseObject(
            """
            {"detail-type":"ECS Task State Change","time":"2026-11-26T02:55:00Z",
             "resources":["arn:aws:ecs:eu-test-1:123456789012:task/shop/0123456789abcdef"],
             "detail":{"lastStatus":"STOPPED","desiredStatus":"STOPPED","stoppedReason":"a\\nb",
              "taskDefinitionArn":"arn:aws:ecs:eu-test-1:123456789012:task-definition/web:3",
              "containers":[{"name":"app","exitCode":3}]}}
            """);
    assertThat(Events.line(7, task))
        .isEqualTo(
            "2026-11-26T02:55:00Z  #7  shop  task 0123456789ab  STOPPED  web:3  a\\nb  app exit 3");
    JsonObject service =
        Json.parseObject(
            """
            {"detail-type":"ECS Service Action","time":"2026-11-26T02:55:00Z",
             "resources":["arn:aws:ecs:eu-test-1:123456789012:service/shop/web"],
             "detail":{"eventName":"SERVICE_STEADY_STATE"}}
            """);
    assertThat(Events.line(8, service))
        .isEqualTo("2026-11-26T02:55:00Z  #8  shop  service web  SERVICE_STEADY_STATE");
  }

  @Test
  void saysWhatIsWrongAndWhatToType() {
    JsonObject standing =
        Json.parseObject(
            """
            {"clusters":[{"cluster":"shop","services":1,"running":1,"pending":0,"account":"1"}],
             "services":[{"service":"web","cluster":"shop","desired":4,"running":3,"updated":1,
               "status":"ACTIVE","rollout":"IN_PROGRESS","failedTasks":2,"definition":"web:3"}],
             "hosts":[{"host":"box","connected":false,"draining":true,"tasks":3,"cpu":2048,
               "cpuBooked":64,"memoryMiB":4096,"memoryBookedMiB":128,"clusters":["shop"]}],
             "findings":[{"where":"service shop/web","wrong":"it crashes\\u001b[2J",
               "command":"./holdfast logs 0123456789ab"},
              {"where":"x","wrong":"y","command":"aws ecs z"}]}
            """);
    String text = StandingText.of(standing, " --data-dir /d", 0);
    assertThat(text)
        .contains("[#####...............] 1/4 in progress")
        .contains("SILENT, draining")
        .contains("./holdfast logs 0123456789ab --data-dir /d\n")
        .contains("aws ecs z\n")
        .doesNotContain("\u001b");
    assertThat(StandingText.of(JsonObject.EMPTY, "", 0)).isEmpty();
  }
}
