// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TidierTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

  @TempDir Path folder;

  @Test
  void hasTheDefaultsOfTheAmazonEcsAgent() {
    assertThat(TidySettings.of(Map.of()))
        .isEqualTo(
            new TidySettings(
                true, Duration.ofMinutes(30), Duration.ofHours(1), 5, Duration.ofHours(3)));
  }

  @Test
  void readsItsVariables() {
    assertThat(
            TidySettings.of(
                Map.of(
                    "ECS_DISABLE_IMAGE_CLEANUP", "true",
                    "ECS_IMAGE_CLEANUP_INTERVAL", "1h30m",
                    "ECS_IMAGE_MINIMUM_CLEANUP_AGE", "90m",
                    "ECS_NUM_IMAGES_DELETE_PER_CYCLE", "7",
                    "ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION", "20m")))
        .isEqualTo(
            new TidySettings(
                false, Duration.ofMinutes(90), Duration.ofMinutes(90), 7, Duration.ofMinutes(20)));
    assertThat(
            TidySettings.of(
                Map.of(
                    "ECS_IMAGE_CLEANUP_INTERVAL", "1m",
                    "ECS_IMAGE_MINIMUM_CLEANUP_AGE", "soon",
                    "ECS_NUM_IMAGES_DELETE_PER_CYCLE", "-1")))
        .isEqualTo(TidySettings.of(Map.of()));
  }

  @Test
  void remembersWhatWasPulledAndWhenItWasWanted() throws IOException {
    Path file = folder.resolve("images.json");
    var pulled = PulledImages.open(file, Disk.local());
    pulled.pulled("shop/web@sha256:1", NOW);
    pulled.used("shop/web@sha256:1", NOW.plusSeconds(60));
    pulled.used("user/own@sha256:2", NOW);
    pulled.pulled("shop/web@sha256:3", NOW);
    pulled.removed("shop/web@sha256:3");
    assertThat(PulledImages.open(file, Disk.local()).all())
        .containsOnlyKeys("shop/web@sha256:1")
        .containsEntry(
            "shop/web@sha256:1",
            new dev.holdfast.agent.plan.TidyPlan.Pulled(NOW, NOW.plusSeconds(60)));
  }

  @Test
  void takesNothingForItsOwnWhereTheFileIsLost() throws IOException {
    Path file = folder.resolve("images.json");
    Files.writeString(file, "{\"images\":");
    assertThat(PulledImages.open(file, Disk.local()).all()).isEmpty();
  }
}
