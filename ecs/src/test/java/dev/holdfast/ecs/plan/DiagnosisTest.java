// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.model.StoppedTask;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DiagnosisTest {
  private static final Instant NOW = Instant.parse("2026-11-26T03:00:00Z");
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final String ID = "0123456789abcdef0123456789abcdef";

  private static StoppedTask ended(
      String code, String reason, @Nullable Integer exit, @Nullable String container) {
    return ended(code, reason, exit, container, "127.0.0.1:4566/shop/web:1");
  }

  private static StoppedTask ended(
      String code,
      String reason,
      @Nullable Integer exit,
      @Nullable String container,
      String image) {
    return new StoppedTask(
        new StoppedTask.Key(ACCOUNT, NOW, ID),
        new Task.Key(ACCOUNT, new Region("eu-test-1"), "shop", ID),
        "web:1",
        "service:web",
        "ecs-svc/1",
        "EC2",
        "local",
        NOW,
        NOW,
        code,
        reason,
        List.of(new StoppedTask.Ended("app", image, null, true, exit, container)));
  }

  private static Diagnosis.ServiceFacts service(
      int running,
      boolean going,
      boolean failed,
      int tasks,
      @Nullable String trouble,
      @Nullable StoppedTask ended) {
    return new Diagnosis.ServiceFacts(
        "shop", "web", 2, running, going, failed, tasks, trouble, NOW.plusSeconds(30), null, ended);
  }

  private static List<Diagnosis.Finding> of(Diagnosis.ServiceFacts service) {
    return Diagnosis.of(
        new Diagnosis.Facts(List.of(service), List.of(), List.of(), List.of(), NOW));
  }

  @Test
  void hasNothingToSayWhereAllIsWell() {
    assertThat(of(service(2, false, false, 0, null, null))).isEmpty();
    assertThat(of(service(1, true, false, 0, null, null))).isEmpty();
  }

  @Test
  void namesTheLogsOfACrashLoop() {
    StoppedTask ended =
        ended("EssentialContainerExited", "Essential container in task exited", 3, null);
    var found =
        of(
            service(
                0, true, false, 4, "is unable to consistently start tasks successfully.", ended));
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().where()).isEqualTo("service shop/web");
    assertThat(found.getFirst().wrong())
        .isEqualTo(
            "0 of 2 run; container app ends with exit code 3 (4 tasks failed so far);"
                + " tried again in 30 s");
    assertThat(found.getFirst().command()).isEqualTo("./holdfast logs 0123456789ab");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CannotPullContainerError: manifest unknown: not found | docker push 127.0.0.1:4566/shop/web:1",
        "CannotPullContainerError: denied: not authorized | ./holdfast task explain 0123456789ab",
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource"
            + " retrieval failed: unable to retrieve secret from ssm: invalid parameters: /shop/db"
            + " | aws ssm put-parameter --type SecureString --name /shop/db",
        "ResourceInitializationError: AccessDeniedException 12345678-1234-1234-1234-123456789abc"
            + " | ./holdfast explain 12345678-1234-1234-1234-123456789abc",
        "Task failed container health checks | ./holdfast logs 0123456789ab",
        "something new | ./holdfast task explain 0123456789ab"
      })
  void saysWhatToTypeForEachReason(String reason, String command) {
    var cause = Diagnosis.cause(ended("TaskFailedToStart", reason, null, reason));
    assertThat(cause.command()).startsWith(command);
    assertThat(cause.wrong()).isNotEmpty();
  }

  @Test
  void speaksOfMemoryWhereThatWasIt() {
    var cause =
        Diagnosis.cause(
            ended(
                "EssentialContainerExited",
                "Essential container in task exited",
                137,
                "OutOfMemoryError: Container killed due to memory usage"));
    assertThat(cause.wrong()).contains("more memory");
  }

  @Test
  void quotesOthersWordsInCommands() {
    var cause =
        Diagnosis.cause(
            ended(
                "TaskFailedToStart",
                "CannotPullContainerError: not found",
                null,
                "CannotPullContainerError: not found",
                "x; rm -rf ~ $(id) 'q'"));
    assertThat(cause.command()).isEqualTo("docker push 'x; rm -rf ~ $(id) '\\''q'\\'''");
  }

  @Test
  void saysWhatCannotBePlaced() {
    var found =
        of(
            service(
                1,
                true,
                false,
                0,
                "was unable to place a task because no container instance met all of its"
                    + " requirements. The closest matching container-instance x has insufficient"
                    + " memory available.",
                null));
    assertThat(found.getFirst().wrong()).contains("insufficient memory");
    assertThat(found.getFirst().command()).isEqualTo("./holdfast top --once");
  }

  @Test
  void speaksOfSilentHostsAndOfTasksThatWait() {
    var found =
        Diagnosis.of(
            new Diagnosis.Facts(
                List.of(),
                List.of(
                    new Diagnosis.HostFacts("far", false, false, 3),
                    new Diagnosis.HostFacts("idle", false, false, 0),
                    new Diagnosis.HostFacts("near", true, true, 3)),
                List.of(ended("UserInitiated", "enough", 137, null)),
                List.of(
                    new Diagnosis.Waiting("shop", ID, NOW.minusSeconds(300), true),
                    new Diagnosis.Waiting("shop", "young", NOW, false)),
                NOW));
    assertThat(found)
        .extracting(Diagnosis.Finding::where)
        .containsExactly("host far", "task 0123456789ab");
  }
}
