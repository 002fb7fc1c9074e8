// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.logs.CreateLogGroupRequest;
import dev.holdfast.aws.logs.CreateLogStreamRequest;
import dev.holdfast.aws.logs.DescribeLogGroupsRequest;
import dev.holdfast.aws.logs.DescribeLogStreamsRequest;
import dev.holdfast.aws.logs.GetLogEventsRequest;
import dev.holdfast.aws.logs.InputLogEvent;
import dev.holdfast.aws.logs.LogGroup;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.logs.PutLogEventsRequest;
import dev.holdfast.kms.World;
import dev.holdfast.service.Finding;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static String noise(int seed) {
    var random = new java.util.Random(seed);
    return IntStream.range(0, 4000)
        .mapToObj(_ -> Integer.toHexString(random.nextInt()))
        .collect(java.util.stream.Collectors.joining());
  }

  @Test
  void aFullStreamGivesUpItsOldestEventsAndSaysSo() {
    var small = new World(Profile.STANDARD);
    Principal by = small.user(World.SHOP, "admin", World.ANYTHING);
    Logs limited =
        Logs.create(small.state, small.pages, small.random, new Limits(200_000, 1 << 30, 9, 9));
    small.serve(limited.service());
    small.call(
        by, LogsModel.CREATE_LOG_GROUP, CreateLogGroupRequest.builder().logGroupName("/g").build());
    small.call(
        by,
        LogsModel.CREATE_LOG_STREAM,
        CreateLogStreamRequest.builder().logGroupName("/g").logStreamName("s").build());
    for (int i = 0; i < 30; i++) {
      small.call(
          by,
          LogsModel.PUT_LOG_EVENTS,
          PutLogEventsRequest.builder()
              .logGroupName("/g")
              .logStreamName("s")
              .logEvents(
                  List.of(new InputLogEvent(small.now().toEpochMilli() + i, i + " " + noise(i))))
              .build());
    }
    var all =
        small.call(
            by,
            LogsModel.GET_LOG_EVENTS,
            GetLogEventsRequest.builder()
                .logGroupName("/g")
                .logStreamName("s")
                .startFromHead(true)
                .build());
    List<String> left = all.events().stream().map(e -> String.valueOf(e.message())).toList();
    assertThat(left).anyMatch(m -> m.startsWith("[holdfast] the ") && m.contains("were dropped"));
    assertThat(left).noneMatch(m -> m.startsWith("0 "));
    assertThat(left).anyMatch(m -> m.startsWith("29 "));
    assertThat(limited.warnings()).hasSize(1);
    var found = new ArrayList<Finding>();
    small.state.read(
        view -> {
          new LogsCheck().run(view, found::add);
          return found;
        });
    assertThat(found).isEmpty();
  }

  @Test
  void aFullAccountGivesUpItsOldestEvents() {
    var small = new World(Profile.STANDARD);
    Principal by = small.user(World.SHOP, "admin", World.ANYTHING);
    Logs limited =
        Logs.create(small.state, small.pages, small.random, new Limits(1 << 30, 400_000, 9, 9));
    small.serve(limited.service());
    small.call(
        by, LogsModel.CREATE_LOG_GROUP, CreateLogGroupRequest.builder().logGroupName("/g").build());
    for (int i = 0; i < 60; i++) {
      String name = "s" + i % 3;
      if (i < 3) {
        small.call(
            by,
            LogsModel.CREATE_LOG_STREAM,
            CreateLogStreamRequest.builder().logGroupName("/g").logStreamName(name).build());
      }
      small.call(
          by,
          LogsModel.PUT_LOG_EVENTS,
          PutLogEventsRequest.builder()
              .logGroupName("/g")
              .logStreamName(name)
              .logEvents(List.of(new InputLogEvent(small.now().toEpochMilli() + i, noise(i))))
              .build());
    }
    LogGroup group =
        small
            .call(by, LogsModel.DESCRIBE_LOG_GROUPS, DescribeLogGroupsRequest.builder().build())
            .logGroups()
            .getFirst();
    assertThat(Objects.requireNonNull(group.storedBytes())).isBetween(100_000L, 425_000L + 65_536);
    assertThat(limited.warnings()).hasSize(1);
    var found = new ArrayList<Finding>();
    small.state.read(
        view -> {
          new LogsCheck().run(view, found::add);
          return found;
        });
    assertThat(found).isEmpty();
  }

  /** The size of what lies compressed together told which of two guesses is like a secret line. */
  @Test
  void theSizesThatAreToldTellNothingOfALine() {
    assertThat(sizes("token=0123456789abcdef0123456789abcdef"))
        .isEqualTo(sizes("token=QwErTzUiOpAsDfGhJkLyXcVbNmQaWsEd"))
        .containsExactly(65_536L, 0L);
  }

  /** What is told of a group and its stream that have a secret line, and one that is a guess. */
  private static List<Long> sizes(String guess) {
    var world = new World(Profile.STANDARD);
    Principal by = world.user(World.SHOP, "admin", World.ANYTHING);
    Logs logs =
        Logs.create(world.state, world.pages, world.random, new Limits(1 << 30, 1 << 30, 9, 9));
    world.serve(logs.service());
    world.call(
        by, LogsModel.CREATE_LOG_GROUP, CreateLogGroupRequest.builder().logGroupName("/g").build());
    world.call(
        by,
        LogsModel.CREATE_LOG_STREAM,
        CreateLogStreamRequest.builder().logGroupName("/g").logStreamName("s").build());
    for (String line : List.of("the token=0123456789abcdef0123456789abcdef", guess)) {
      world.call(
          by,
          LogsModel.PUT_LOG_EVENTS,
          PutLogEventsRequest.builder()
              .logGroupName("/g")
              .logStreamName("s")
              .logEvents(List.of(new InputLogEvent(world.now().toEpochMilli(), line)))
              .build());
    }
    Long group =
        world
            .call(by, LogsModel.DESCRIBE_LOG_GROUPS, DescribeLogGroupsRequest.builder().build())
            .logGroups()
            .getFirst()
            .storedBytes();
    Long stream =
        world
            .call(
                by,
                LogsModel.DESCRIBE_LOG_STREAMS,
                DescribeLogStreamsRequest.builder().logGroupName("/g").build())
            .logStreams()
            .getFirst()
            .storedBytes();
    return List.of(Objects.requireNonNull(group), Objects.requireNonNull(stream));
  }
}
