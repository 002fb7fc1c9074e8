// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.logs.CreateLogGroupRequest;
import dev.holdfast.aws.logs.CreateLogStreamRequest;
import dev.holdfast.aws.logs.DeleteLogGroupRequest;
import dev.holdfast.aws.logs.DescribeLogStreamsRequest;
import dev.holdfast.aws.logs.FilterLogEventsRequest;
import dev.holdfast.aws.logs.FilteredLogEvent;
import dev.holdfast.aws.logs.GetLogEventsRequest;
import dev.holdfast.aws.logs.GetLogEventsResponse;
import dev.holdfast.aws.logs.InputLogEvent;
import dev.holdfast.aws.logs.LogStream;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.logs.OutputLogEvent;
import dev.holdfast.aws.logs.PutLogEventsRequest;
import dev.holdfast.aws.logs.PutLogEventsResponse;
import dev.holdfast.aws.logs.PutRetentionPolicyRequest;
import dev.holdfast.kms.World;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.logs.model.Piece;
import dev.holdfast.service.Finding;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogsTest {
  private final World world = new World(Profile.STANDARD);
  private final Principal admin = world.user(World.SHOP, "admin", World.ANYTHING);
  private final Logs logs = Logs.create(world.state, world.pages, world.random, Limits.STANDARD);

  LogsTest() {
    world.serve(logs.service());
  }

  @AfterEach
  void everythingHolds() {
    var found = new ArrayList<Finding>();
    world.state.read(
        view -> {
          new LogsCheck().run(view, found::add);
          return found;
        });
    assertThat(found).isEmpty();
  }

  private static void refused(String code, String text, ThrowingCallable call) {
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(call)
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.text()).contains(text);
            });
  }

  private void group(String name) {
    world.call(
        admin,
        LogsModel.CREATE_LOG_GROUP,
        CreateLogGroupRequest.builder().logGroupName(name).build());
  }

  private void stream(String group, String name) {
    world.call(
        admin,
        LogsModel.CREATE_LOG_STREAM,
        CreateLogStreamRequest.builder().logGroupName(group).logStreamName(name).build());
  }

  private long now() {
    return world.now().toEpochMilli();
  }

  private PutLogEventsResponse put(String group, String stream, long time, String... messages) {
    return put(admin, group, stream, time, List.of(messages));
  }

  private PutLogEventsResponse put(
      Principal by, String group, String stream, long time, List<String> messages) {
    return world.call(
        by,
        LogsModel.PUT_LOG_EVENTS,
        PutLogEventsRequest.builder()
            .logGroupName(group)
            .logStreamName(stream)
            .logEvents(messages.stream().map(m -> new InputLogEvent(time, m)).toList())
            .build());
  }

  private GetLogEventsResponse get(@Nullable String token, boolean head, int limit) {
    return world.call(
        admin,
        LogsModel.GET_LOG_EVENTS,
        GetLogEventsRequest.builder()
            .logGroupName("/g")
            .logStreamName("s")
            .nextToken(token)
            .startFromHead(head)
            .limit(limit)
            .build());
  }

  private static List<String> messages(GetLogEventsResponse answer) {
    return answer.events().stream()
        .map(OutputLogEvent::message)
        .map(Objects::requireNonNull)
        .toList();
  }

  private List<String> filter(FilterLogEventsRequest.Builder request) {
    var found = new ArrayList<String>();
    String token = null;
    do {
      var answer = world.call(admin, LogsModel.FILTER_LOG_EVENTS, request.nextToken(token).build());
      answer.events().stream()
          .map(FilteredLogEvent::message)
          .forEach(m -> found.add(String.valueOf(m)));
      token = answer.nextToken();
    } while (token != null);
    return found;
  }

  private List<LogStream> streams(DescribeLogStreamsRequest.Builder request) {
    var found = new ArrayList<LogStream>();
    String token = null;
    do {
      var answer =
          world.call(
              admin, LogsModel.DESCRIBE_LOG_STREAMS, request.nextToken(token).limit(2).build());
      found.addAll(answer.logStreams());
      token = answer.nextToken();
    } while (token != null);
    return found;
  }

  @Test
  void aClientReadsForwardToTheEndAndThenGetsItsOwnToken() {
    group("/g");
    stream("/g", "s");
    put("/g", "s", now(), "a", "b", "c");
    put("/g", "s", now() + 1, "d", "e");
    GetLogEventsResponse first = get(null, true, 2);
    assertThat(messages(first)).containsExactly("a", "b");
    GetLogEventsResponse second = get(first.nextForwardToken(), true, 2);
    assertThat(messages(second)).containsExactly("c", "d");
    GetLogEventsResponse third = get(second.nextForwardToken(), true, 2);
    assertThat(messages(third)).containsExactly("e");
    GetLogEventsResponse end = get(third.nextForwardToken(), true, 2);
    assertThat(messages(end)).isEmpty();
    assertThat(end.nextForwardToken()).isEqualTo(third.nextForwardToken());
    put("/g", "s", now() + 2, "f");
    assertThat(messages(get(end.nextForwardToken(), true, 2))).containsExactly("f");
    assertThat(messages(get(third.nextBackwardToken(), false, 3))).containsExactly("b", "c", "d");
  }

  @Test
  void theNewestEventsComeWhereNothingIsSaid() {
    group("/g");
    stream("/g", "s");
    GetLogEventsResponse empty = get(null, false, 2);
    assertThat(messages(get(empty.nextForwardToken(), true, 2))).isEmpty();
    put("/g", "s", now(), "a", "b", "c");
    GetLogEventsResponse newest = get(null, false, 2);
    assertThat(messages(newest)).containsExactly("b", "c");
    GetLogEventsResponse before = get(newest.nextBackwardToken(), false, 2);
    assertThat(messages(before)).containsExactly("a");
    GetLogEventsResponse begin = get(before.nextBackwardToken(), false, 2);
    assertThat(messages(begin)).isEmpty();
    assertThat(begin.nextBackwardToken()).isEqualTo(before.nextBackwardToken());
    refused("InvalidParameterException", "nextToken", () -> get("f/1/s", true, 1));
    assertThat(messages(get(empty.nextForwardToken(), true, 9))).containsExactly("a", "b", "c");
  }

  @Test
  void aBatchThatIsSentAgainUnderItsNameIsKeptOnce() {
    group("/g");
    stream("/g", "s");
    var batch =
        PutLogEventsRequest.builder()
            .logGroupName("/g")
            .logStreamName("s")
            .logEvents(List.of(new InputLogEvent(now(), "a")));
    world.call(admin, LogsModel.PUT_LOG_EVENTS, batch.sequenceToken("once-1").build());
    world.call(admin, LogsModel.PUT_LOG_EVENTS, batch.sequenceToken("once-1").build());
    assertThat(messages(get(null, true, 10))).containsExactly("a");
    world.call(admin, LogsModel.PUT_LOG_EVENTS, batch.sequenceToken("once-2").build());
    world.call(admin, LogsModel.PUT_LOG_EVENTS, batch.sequenceToken("4959").build());
    world.call(admin, LogsModel.PUT_LOG_EVENTS, batch.sequenceToken("4959").build());
    assertThat(messages(get(null, true, 10))).containsExactly("a", "a", "a", "a");
  }

  @Test
  void manySmallBatchesBecomeFewPieces() {
    group("/g");
    stream("/g", "s");
    var all = new ArrayList<String>();
    for (int i = 0; i < 500; i++) {
      put("/g", "s", now() + i % 7, "line " + i);
      all.add("line " + i);
    }
    var pieces = new ArrayList<Piece>();
    world.state.read(
        view -> {
          LogTables.eachPiece(view, pieces::add);
          return pieces;
        });
    assertThat(pieces.size()).isLessThan(40);
    assertThat(filter(FilterLogEventsRequest.builder().logGroupName("/g").limit(77)))
        .containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void filtersOverStreamsInTheOrderOfTime() {
    group("/g");
    for (String name : List.of("web/a", "web/b", "db/c")) {
      stream("/g", name);
    }
    put("/g", "web/a", now(), "one", "ERROR two");
    put("/g", "web/b", now() + 5, "ERROR four");
    put("/g", "db/c", now() + 2, "ERROR three");
    var request = FilterLogEventsRequest.builder().logGroupName("/g").limit(1);
    assertThat(filter(request.filterPattern("ERROR")))
        .containsExactly("ERROR two", "ERROR three", "ERROR four");
    assertThat(filter(request.logStreamNamePrefix("web/")))
        .containsExactly("ERROR two", "ERROR four");
    assertThat(filter(request.startTime(now() + 5))).containsExactly("ERROR four");
    assertThat(filter(request.startTime(null).endTime(now()))).containsExactly("ERROR two");
    refused(
        "InvalidParameterException",
        "Invalid character(s) in term",
        () -> filter(request.filterPattern("a:b")));
    refused(
        "ResourceNotFoundException",
        "The specified log stream does not exist.",
        () ->
            filter(
                FilterLogEventsRequest.builder()
                    .logGroupName("/g")
                    .logStreamNames(List.of("none"))));
  }

  @Test
  void expiredEventsAreGone() {
    group("/g");
    stream("/g", "s");
    put("/g", "s", now(), "old");
    world.pass(Duration.ofHours(40));
    put("/g", "s", now(), "new");
    world.call(
        admin,
        LogsModel.PUT_RETENTION_POLICY,
        PutRetentionPolicyRequest.builder().logGroupName("/g").retentionInDays(1).build());
    assertThat(messages(get(null, true, 10))).containsExactly("new");
    logs.sweep(world.now());
    assertThat(messages(get(null, true, 10))).containsExactly("new");
    world.pass(Duration.ofDays(3));
    PutLogEventsResponse late = put("/g", "s", now() - Duration.ofDays(2).toMillis(), "late");
    assertThat(Objects.requireNonNull(late.rejectedLogEventsInfo()).expiredLogEventEndIndex())
        .isEqualTo(1);
    logs.sweep(world.now());
    assertThat(streams(DescribeLogStreamsRequest.builder().logGroupName("/g"))).isEmpty();
    refused(
        "InvalidParameterException",
        "retentionInDays",
        () ->
            world.call(
                admin,
                LogsModel.PUT_RETENTION_POLICY,
                PutRetentionPolicyRequest.builder().logGroupName("/g").retentionInDays(2).build()));
  }

  @Test
  void deletingAGroupLeavesNothing() {
    group("/g");
    stream("/g", "s");
    put("/g", "s", now(), "a");
    refused(
        "ResourceAlreadyExistsException",
        "The specified log group already exists",
        () -> group("/g"));
    refused(
        "ResourceAlreadyExistsException",
        "The specified log stream already exists",
        () -> stream("/g", "s"));
    world.call(
        admin,
        LogsModel.DELETE_LOG_GROUP,
        DeleteLogGroupRequest.builder().logGroupName("/g").build());
    var pieces = new ArrayList<Piece>();
    world.state.read(
        view -> {
          LogTables.eachPiece(view, pieces::add);
          LogTables.eachRemoval(
              view, r -> pieces.add(new Piece(r.account(), "", 0, 0, 0, 0, 0, 0)));
          return pieces;
        });
    assertThat(pieces).isEmpty();
    refused(
        "ResourceNotFoundException",
        "The specified log group does not exist.",
        () -> put("/g", "s", now(), "b"));
    group("/g");
    stream("/g", "s");
    assertThat(messages(get(null, true, 10))).isEmpty();
  }

  @Test
  void linesAreNeitherInTheAuditNorReadableInTheStore() {
    String canary = "canary-7f3a-do-not-leak";
    group("/g");
    stream("/g", "s");
    put("/g", "s", now(), canary);
    Principal stranger = world.user(World.SHOP, "stranger", "");
    refused(
        "AccessDeniedException",
        "logs:PutLogEvents on resource:"
            + " arn:aws:logs:eu-central-1:111122223333:log-group:/g:log-stream:s",
        () -> put(stranger, "/g", "s", now(), List.of(canary)));
    assertThat(world.events).noneMatch(e -> e.document().toString().contains(canary));
    assertThat(world.events.stream().filter(e -> e.name().equals("PutLogEvents"))).hasSize(1);
    assertThat(messages(get(null, true, 10))).containsExactly(canary);
  }

  @Test
  void tagsOfTheGroupDecideOverWhatIsInIt() {
    world.call(
        admin,
        LogsModel.CREATE_LOG_GROUP,
        CreateLogGroupRequest.builder().logGroupName("/g").tags(Map.of("team", "red")).build());
    stream("/g", "s");
    put("/g", "s", now(), "a");
    String only =
        "{\"Effect\":\"Allow\",\"Action\":\"logs:*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:ResourceTag/team\":\"%s\"}}}";
    Principal red = world.user(World.SHOP, "red", only.formatted("red"));
    Principal blue = world.user(World.SHOP, "blue", only.formatted("blue"));
    put(red, "/g", "s", now(), List.of("b"));
    refused(
        "AccessDeniedException",
        "logs:PutLogEvents",
        () -> put(blue, "/g", "s", now(), List.of("c")));
  }

  @Test
  void someoneElsesGroupIsNotThere() {
    group("/g");
    Principal other = world.user(World.BANK, "other", World.ANYTHING);
    refused(
        "ResourceNotFoundException",
        "The specified log group does not exist.",
        () -> put(other, "/g", "s", now(), List.of("a")));
    refused(
        "AccessDeniedException",
        "logs:DescribeLogStreams",
        () ->
            world.call(
                other,
                LogsModel.DESCRIBE_LOG_STREAMS,
                DescribeLogStreamsRequest.builder()
                    .logGroupIdentifier("arn:aws:logs:eu-central-1:111122223333:log-group:/g")
                    .build()));
  }
}
