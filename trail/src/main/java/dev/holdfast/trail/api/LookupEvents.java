// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.cloudtrail.CloudTrailError;
import dev.holdfast.aws.cloudtrail.CloudTrailModel;
import dev.holdfast.aws.cloudtrail.Event;
import dev.holdfast.aws.cloudtrail.LookupAttribute;
import dev.holdfast.aws.cloudtrail.LookupEventsRequest;
import dev.holdfast.aws.cloudtrail.LookupEventsResponse;
import dev.holdfast.aws.cloudtrail.Resource;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Json;
import dev.holdfast.service.Access;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import dev.holdfast.trail.model.EventKey;
import dev.holdfast.trail.model.TrailTables.Row;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks up events, newest first.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html">LookupEvents</a>
 */
public final class LookupEvents implements Operation<LookupEventsRequest, LookupEventsResponse> {
  private static final int MOST = 50;

  private final State state;
  private final PageTokens pages;

  public LookupEvents(State state, PageTokens pages) {
    this.state = state;
    this.pages = pages;
  }

  @Override
  public OperationModel<LookupEventsRequest, LookupEventsResponse> model() {
    return CloudTrailModel.LOOKUP_EVENTS;
  }

  @Override
  public Access access(Call call, LookupEventsRequest in) {
    return Access.of("cloudtrail:LookupEvents");
  }

  @Override
  public LookupEventsResponse handle(Call call, LookupEventsRequest in) {
    if (in.lookupAttributes().size() > 1) {
      throw CloudTrailError.INVALID_LOOKUP_ATTRIBUTES.because(
          "You can specify only one lookup attribute.");
    }
    if (in.startTime() != null && in.endTime() != null && in.startTime().isAfter(in.endTime())) {
      throw CloudTrailError.INVALID_TIME_RANGE.because("The start time is after the end time.");
    }
    if (in.eventCategory() != null) {
      // insight events, the only category there is to ask for; none are drawn here
      return LookupEventsResponse.builder().build();
    }
    LookupAttribute attribute =
        in.lookupAttributes().isEmpty() ? null : in.lookupAttributes().getFirst();
    String filter = attribute + "|" + in.startTime() + "|" + in.endTime();
    EventKey after = in.nextToken() == null ? null : resume(call, filter, in.nextToken());
    int limit = in.maxResults() == null ? MOST : in.maxResults();
    List<Row> found = state.read(view -> rows(view, call, in, attribute, after, limit + 1));
    List<Row> shown = found.subList(0, Math.min(limit, found.size()));
    return LookupEventsResponse.builder()
        .events(shown.stream().map(row -> event(row.event())).toList())
        .nextToken(
            found.size() > limit
                ? pages.after(call, "LookupEvents", filter, shown.getLast().key().segments())
                : null)
        .build();
  }

  private EventKey resume(Call call, String filter, String token) {
    List<String> last =
        pages
            .open(call, "LookupEvents", filter, token)
            .orElseThrow(
                () ->
                    CloudTrailError.INVALID_NEXT_TOKEN.because(
                        "The token is not valid, or belongs to another request."));
    return new EventKey(last.get(0), last.get(1), last.get(2));
  }

  /** At most {@code most} rows after a place, newest first. */
  private static List<Row> rows(
      View view,
      Call call,
      LookupEventsRequest in,
      @Nullable LookupAttribute attribute,
      @Nullable EventKey after,
      int most) {
    var search =
        new Search(
            view,
            call.account(),
            call.region().name(),
            attribute == null
                ? null
                : new Search.Attribute(attribute.attributeKey(), attribute.attributeValue()),
            begin(call, in, after),
            in.startTime(),
            row ->
                within(row.event().time(), in.startTime(), in.endTime())
                    && (attribute == null || matches(row.event(), attribute)));
    return search.newest(most);
  }

  /** Where to begin: after the page before, or with the first event that is not too new. */
  private static @Nullable EventKey begin(
      Call call, LookupEventsRequest in, @Nullable EventKey after) {
    Instant end = in.endTime();
    if (after != null || end == null || end.isAfter(call.now())) {
      return after;
    }
    Instant from = end.isBefore(Instant.EPOCH) ? Instant.EPOCH : end.plusMillis(1);
    return EventKey.of(call.region().name(), from, "");
  }

  private static boolean within(Instant time, @Nullable Instant from, @Nullable Instant to) {
    return (from == null || !time.isBefore(from)) && (to == null || !time.isAfter(to));
  }

  private static boolean matches(AuditEvent event, LookupAttribute attribute) {
    String value = attribute.attributeValue();
    return switch (attribute.attributeKey()) {
      case "EventName" -> event.name().equals(value);
      case "EventId" -> event.id().equals(value);
      case "EventSource" -> event.source().equals(value);
      case "Username" -> event.username().equals(value);
      case "AccessKeyId" -> event.accessKeyId().equals(value);
      case "ReadOnly" -> Boolean.toString(event.readOnly()).equals(value);
      case "ResourceName" -> event.resources().contains(value);
      case "ResourceType" -> event.resources().stream().anyMatch(arn -> type(arn).equals(value));
      default -> false;
    };
  }

  private static Event event(AuditEvent event) {
    return Event.builder()
        .eventId(event.id())
        .eventName(event.name())
        .readOnly(Boolean.toString(event.readOnly()))
        .accessKeyId(event.accessKeyId())
        .eventTime(event.time())
        .eventSource(event.source())
        .username(event.username())
        .resources(
            event.resources().stream()
                .map(arn -> Resource.builder().resourceName(arn).resourceType(type(arn)).build())
                .toList())
        .cloudTrailEvent(Json.text(event.document()))
        .build();
  }

  /** CloudFormation's word for the kind of resource, as CloudTrail gives it. */
  private static String type(String arn) {
    Arn parsed = Arn.parse(arn).orElse(null);
    if (parsed == null) {
      return "";
    }
    String kind = parsed.resource().split("[/:]", 2)[0];
    return switch (parsed.service() + ":" + kind) {
      case "ecs:cluster" -> "AWS::ECS::Cluster";
      case "ecs:task-definition" -> "AWS::ECS::TaskDefinition";
      case "ecs:task" -> "AWS::ECS::Task";
      case "ecr:repository" -> "AWS::ECR::Repository";
      case "ssm:parameter" -> "AWS::SSM::Parameter";
      case "kms:key" -> "AWS::KMS::Key";
      case "iam:role" -> "AWS::IAM::Role";
      case "iam:user" -> "AWS::IAM::User";
      default -> "AWS::" + parsed.service() + "::" + kind;
    };
  }
}
