// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.model;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.RecordCodec;
import dev.holdfast.service.AuditEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Events of calls that changed nothing: some of one second, kept, sealed and chained as one, since
 * there are so many of them. All are of one account, and either all of reads or none.
 */
public record Sheet(String region, List<AuditEvent> events) {
  private static final RecordCodec<AuditEvent> EVENT = RecordCodec.of(AuditEvent.class);

  public Sheet {
    events = List.copyOf(events);
    if (events.isEmpty()) {
      throw new IllegalArgumentException("a sheet has events");
    }
  }

  /** Where it lies: at its second, under the id of its first event. */
  public EventKey key() {
    AuditEvent first = events.getFirst();
    return key(region, first.time(), first.id());
  }

  /** Where a sheet lies whose first event has this time and id. */
  public static EventKey key(String region, Instant time, String id) {
    return EventKey.of(region, second(time), id);
  }

  /** A place before all sheets of a second. */
  public static EventKey before(String region, Instant time) {
    return key(region, time, "");
  }

  /** The beginning of the second that a sheet with an event of this time is of. */
  public static Instant second(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  /** What an index finds it under. */
  Set<List<String>> entries() {
    Set<List<String>> entries = new LinkedHashSet<>();
    for (AuditEvent event : events) {
      TrailTables.attributes(event).forEach(pair -> entries.add(TrailTables.entry(key(), pair)));
    }
    return entries;
  }

  /** An event as a sheet holds it. */
  public static byte[] written(AuditEvent event) {
    return EVENT.bytes(event);
  }

  /** A sheet as it is kept, out of events that are written already. */
  public static byte[] written(String region, List<byte[]> events) {
    var out = new ByteArrayOutputStream(events.stream().mapToInt(e -> e.length + 1).sum() + 64);
    out.writeBytes(utf8("{\"region\":" + Json.text(JsonValue.of(region)) + ",\"events\":["));
    String between = "";
    for (byte[] event : events) {
      out.writeBytes(utf8(between));
      out.writeBytes(event);
      between = ",";
    }
    out.writeBytes(utf8("]}"));
    return out.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
