// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.kit.disk.Tape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whenever the power goes, no output is taken along again that a saved place lies behind. */
class LogPlacesPowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 12_000 : 800;
  private static final int SAVES = 4;
  private static final String TASK = "arn:aws:ecs:us-east-1:123456789012:task/demo/aa5c";

  private Path root = Path.of("");

  @BeforeEach
  void make() throws IOException {
    root = PowerCut.folder();
  }

  @AfterEach
  void clear() throws IOException {
    PowerCut.clear(root);
  }

  private static LogPlaces open(Path root, Disk disk) throws IOException {
    return new LogPlaces(root.resolve("log-places"), disk);
  }

  private static LogPlaces.Kept kept(long number) {
    var place = new Place(Instant.ofEpochSecond(1_700_000_000 + number), 1);
    return new LogPlaces.Kept(place, place.next(Instant.ofEpochSecond(1_800_000_000)), number);
  }

  private Tape saves() throws IOException {
    var disk = new RecordingDisk(root);
    LogPlaces places = open(root, disk);
    for (long number = 1; number <= SAVES; number++) {
      places.save(TASK, "web", kept(number));
      disk.promise(number);
    }
    return disk.tape();
  }

  private static void check(Path root, Disk disk, List<Object> promised) throws IOException {
    LogPlaces.Kept found = open(root, disk).load(TASK, "web");
    long least = promised.isEmpty() ? 0 : (long) promised.getLast();
    assertThat(found.number()).isGreaterThanOrEqualTo(least);
    assertThat(found).isEqualTo(found.number() == 0 ? LogPlaces.Kept.BEGIN : kept(found.number()));
    try (Stream<Path> files = Files.list(root.resolve("log-places"))) {
      assertThat(files).as("drafts").noneMatch(file -> file.toString().endsWith(Disk.DRAFT));
    }
  }

  @Test
  void goesOnWhereItWasOrBehind() throws IOException {
    PowerCut.play("log places", saves(), STATES, 1, LogPlacesPowerCutTest::check);
  }

  /** What the next agent sends begins where the killed one's place is; that has to stay. */
  @Test
  void goesOnWhereAKilledAgentWas() throws IOException {
    for (int kill = 0; kill < 6; kill++) {
      clear();
      make();
      var disk = new RecordingDisk(root);
      LogPlaces killed = open(root, disk);
      disk.killAfter(kill);
      try {
        killed.save(TASK, "web", kept(1));
        disk.promise(1L);
      } catch (RecordingDisk.Killed _) {
        // as planned
      }
      disk.revive();
      disk.promise(open(root, disk).load(TASK, "web").number());
      PowerCut.play(
          "a killed agent's log places",
          disk.tape(),
          STATES / 4,
          2 + kill,
          LogPlacesPowerCutTest::check);
    }
  }

  @Test
  void isFoundOutWithoutSyncs() throws IOException {
    Tape tape = saves();
    for (Tape careless : tape.careless()) {
      assertThat(PowerCut.fails(careless, STATES, 9, LogPlacesPowerCutTest::check)).isTrue();
    }
  }
}
