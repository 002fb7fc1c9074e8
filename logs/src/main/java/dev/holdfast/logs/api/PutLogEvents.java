// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.LogsError;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.logs.PutLogEventsRequest;
import dev.holdfast.aws.logs.PutLogEventsResponse;
import dev.holdfast.aws.logs.RejectedLogEventsInfo;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.logs.model.LogStream;
import dev.holdfast.logs.plan.Batch;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.store.Tx;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds events to a log stream. */
public record PutLogEvents(Needs needs)
    implements Operation<PutLogEventsRequest, PutLogEventsResponse> {
  @Override
  public OperationModel<PutLogEventsRequest, PutLogEventsResponse> model() {
    return LogsModel.PUT_LOG_EVENTS;
  }

  /** Sequence tokens are ignored, as by AWS since 2023; whoever asks for one gets this. */
  static final String TOKEN = "49590302513085279264999999999999999999999999999999999999";

  /**
   * A token that begins so names its batch: where the batch before had the same one it was the
   * same, sent again by somebody who did not hear the answer.
   */
  private static final String ONCE = "once-";

  /** What a batch did. */
  private record Done(PutLogEventsResponse answer, long bytes, long dropped) {}

  @Override
  public boolean data() {
    return true;
  }

  @Override
  public Access access(Call call, PutLogEventsRequest in) {
    return Access.of(
        Groups.demand(
            "logs:PutLogEvents", Groups.named(call, in.logGroupName()), in.logStreamName()));
  }

  @Override
  public PutLogEventsResponse handle(Call call, PutLogEventsRequest in) {
    List<Batch.Entry> entries =
        in.logEvents().stream().map(e -> new Batch.Entry(e.timestamp(), e.message())).toList();
    Batch.fault(entries)
        .ifPresent(
            fault -> {
              throw Wire.invalid(fault);
            });
    if (needs.keeper().farOver(needs.usage().of(call.account()))) {
      needs.sweeper().trim(call.account());
      throw LogsError.SERVICE_UNAVAILABLE.because(
          "the logs of this account take all that they may; try again");
    }
    Done done = needs.state().commit(call, tx -> put(tx, call, in, entries));
    needs.usage().add(call.account(), call.region().name(), in.logGroupName(), done.bytes());
    if (done.dropped() > 0) {
      needs.sweeper().told(call.account(), done.dropped());
    }
    if (needs.keeper().over(needs.usage().of(call.account()))) {
      needs.sweeper().trim(call.account());
    }
    return done.answer();
  }

  private Done put(Tx tx, Call call, PutLogEventsRequest in, List<Batch.Entry> entries) {
    LogGroup group = Groups.group(tx, call, Groups.named(call, in.logGroupName()));
    LogStream stream = Groups.stream(tx, group, in.logStreamName());
    long now = call.now().toEpochMilli();
    Batch batch = Batch.of(entries, now, group.keptFrom(call.now()));
    PutLogEventsResponse.Builder answer = PutLogEventsResponse.builder().nextSequenceToken(TOKEN);
    if (batch.rejects()) {
      answer.rejectedLogEventsInfo(
          RejectedLogEventsInfo.builder()
              .tooNewLogEventStartIndex(batch.tooNewStart())
              .tooOldLogEventEndIndex(batch.tooOldEnd())
              .expiredLogEventEndIndex(batch.expiredEnd())
              .build());
    }
    String once = once(in.sequenceToken());
    if (batch.events().isEmpty() || (once != null && once.equals(stream.once()))) {
      return new Done(answer.build(), 0, 0);
    }
    LogStream after = needs.keeper().put(tx, stream.after(once), batch.events(), now);
    return new Done(
        answer.build(), after.bytes() - stream.bytes(), after.dropped() - stream.dropped());
  }

  /** What our own agent calls a batch that it may have to send again; else null. */
  private static @Nullable String once(@Nullable String token) {
    return token != null && token.startsWith(ONCE) && token.length() <= 128 ? token : null;
  }
}
