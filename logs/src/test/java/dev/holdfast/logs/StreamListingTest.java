// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.logs.CreateLogGroupRequest;
import dev.holdfast.aws.logs.CreateLogStreamRequest;
import dev.holdfast.aws.logs.DescribeLogStreamsRequest;
import dev.holdfast.aws.logs.InputLogEvent;
import dev.holdfast.aws.logs.LogStream;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.logs.PutLogEventsRequest;
import dev.holdfast.kms.World;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Log streams in the orders that they are asked for, in pages of two. */
class StreamListingTest {
  private final World world = new World(Profile.STANDARD);
  private final Principal admin = world.user(World.SHOP, "admin", World.ANYTHING);

  StreamListingTest() {
    world.serve(Logs.create(world.state, world.pages, world.random, Limits.STANDARD).service());
  }

  private void group(String name, String... streams) {
    world.call(
        admin,
        LogsModel.CREATE_LOG_GROUP,
        CreateLogGroupRequest.builder().logGroupName(name).build());
    for (String stream : streams) {
      world.call(
          admin,
          LogsModel.CREATE_LOG_STREAM,
          CreateLogStreamRequest.builder().logGroupName(name).logStreamName(stream).build());
    }
  }

  private void writes(String group, String stream, long later) {
    long time = world.now().toEpochMilli() + later;
    world.call(
        admin,
        LogsModel.PUT_LOG_EVENTS,
        PutLogEventsRequest.builder()
            .logGroupName(group)
            .logStreamName(stream)
            .logEvents(List.of(new InputLogEvent(time, "x")))
            .build());
  }

  private List<String> streams(DescribeLogStreamsRequest.Builder request) {
    var found = new ArrayList<String>();
    String token = null;
    do {
      var answer =
          world.call(
              admin, LogsModel.DESCRIBE_LOG_STREAMS, request.nextToken(token).limit(2).build());
      assertThat(answer.logStreams()).hasSizeLessThanOrEqualTo(2);
      answer.logStreams().stream()
          .map(LogStream::logStreamName)
          .forEach(name -> found.add(String.valueOf(name)));
      token = answer.nextToken();
    } while (token != null);
    return found;
  }

  private static DescribeLogStreamsRequest.Builder of(String group) {
    return DescribeLogStreamsRequest.builder().logGroupName(group);
  }

  @Test
  void streamsAreListedByName() {
    group("/g", "a", "b", "c", "d");
    assertThat(streams(of("/g"))).containsExactly("a", "b", "c", "d");
    assertThat(streams(of("/g").descending(true))).containsExactly("d", "c", "b", "a");
  }

  @Test
  void streamsAreListedByAPrefixOfTheirNames() {
    group("/g", "a", "b", "b/1", "b/2", "b/3", "ba", "c");
    assertThat(streams(of("/g").logStreamNamePrefix("b/"))).containsExactly("b/1", "b/2", "b/3");
    assertThat(streams(of("/g").logStreamNamePrefix("b")))
        .containsExactly("b", "b/1", "b/2", "b/3", "ba");
    assertThat(streams(of("/g").logStreamNamePrefix("b/2"))).containsExactly("b/2");
    assertThat(streams(of("/g").logStreamNamePrefix("d"))).isEmpty();
    assertThat(streams(of("/g").logStreamNamePrefix("b/").descending(true)))
        .containsExactly("b/3", "b/2", "b/1");
  }

  @Test
  void streamsAreListedByTheTimeOfTheirLastEvent() {
    group("/g", "a", "b", "c", "d", "e");
    writes("/g", "c", 1);
    writes("/g", "a", 2);
    writes("/g", "e", 3);
    assertThat(streams(of("/g").orderBy("LastEventTime"))).containsExactly("b", "d", "c", "a", "e");
    assertThat(streams(of("/g").orderBy("LastEventTime").descending(true)))
        .containsExactly("e", "a", "c", "d", "b");
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(() -> streams(of("/g").orderBy("LastEventTime").logStreamNamePrefix("a")))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo("InvalidParameterException");
              assertThat(e.text())
                  .contains("Cannot order by LastEventTime with a logStreamNamePrefix.");
            });
  }
}
