// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Redacted;
import dev.holdfast.aws.Shape;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Unicode;
import dev.holdfast.store.Tx;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What the audit will say of one call: gathered while it runs, written once.
 *
 * <p>A mutation's event goes into the mutation's own commit ({@link State#commit}); every other
 * call's event is written when the call ends. Used by the one thread that handles the call.
 */
public final class CallRecord {
  private static final Set<String> ANY = Set.of("*");

  /** More actions than any call needs. */
  private static final int MOST_GRANTED = 64;

  private final AuditLog log;
  private final String eventId;
  private final String source;
  private final String name;
  private JsonObject parameters;
  private final Set<String> resources = new LinkedHashSet<>();
  private final Map<String, Set<String>> granted = new LinkedHashMap<>();
  private final CopyOnWriteArrayList<String> notes = new CopyOnWriteArrayList<>();
  private boolean written;
  private boolean data;
  private @Nullable Object basis;

  /**
   * A record for one call.
   *
   * @param eventId a fresh UUID; one that tells the call's time is looked up without an index
   * @param source such as {@code ssm.amazonaws.com}
   */
  public CallRecord(AuditLog log, String eventId, String source, String name) {
    this.log = log;
    this.eventId = eventId;
    this.source = source;
    this.name = name;
    this.parameters = JsonObject.EMPTY;
  }

  /** A record in the same log, of a call that this one brings about. */
  public CallRecord another(String freshEventId, String calledSource, String calledName) {
    return new CallRecord(log, freshEventId, calledSource, calledName);
  }

  /** The service that was called, such as {@code ssm.amazonaws.com}. */
  public String source() {
    return source;
  }

  /** The operation that was called, such as {@code PutParameter}. */
  String name() {
    return name;
  }

  /** The call's input, sensitive members hidden by the model's own marks. */
  public void input(Shape input) {
    parameters = Redacted.tree(input);
  }

  /** The call's input is too large to be kept; the event says so in CloudTrail's way. */
  public void omitted(int bytes) {
    parameters =
        JsonObject.EMPTY
            .with("omitted", true)
            .with("originalSize", bytes)
            .with("reason", "LARGE_PAYLOAD");
  }

  /** A call that brings data: it is recorded where it is refused alone, as CloudTrail's are. */
  public void data() {
    data = true;
  }

  /** What a call that is no AWS operation says of its input. */
  public void parameters(JsonObject values) {
    parameters = values;
  }

  public void touched(String arn) {
    if (!arn.equals("*")) {
      resources.add(Unicode.writable(arn)); // the trail finds its events by these
    }
  }

  /** The resources so far. */
  Set<String> touched() {
    return Set.copyOf(resources);
  }

  /** What the call was granted, of which {@code ./holdfast iam shrink} reads what is needed. */
  public void granted(String action, String resource) {
    if (granted.size() < MOST_GRANTED || granted.containsKey(action)) {
      granted.computeIfAbsent(action, _ -> new LinkedHashSet<>()).add(Unicode.writable(resource));
    }
  }

  /**
   * What the event's name and resources do not tell of the grants; empty where they tell it all.
   */
  private Map<String, Set<String>> furtherGrants() {
    String own = source.substring(0, Math.max(0, source.indexOf('.'))) + ":" + name;
    if (granted.size() > 1) {
      return granted;
    }
    Set<String> only = granted.get(own);
    boolean told =
        granted.isEmpty()
            || (only != null && (resources.isEmpty() ? only.equals(ANY) : only.equals(resources)));
    return told ? Map.of() : granted;
  }

  /**
   * Whether the call's decision spoke of a resource: an operation that looks a name up again in its
   * transaction learns so that it now means something nobody was asked about.
   */
  public boolean touches(String arn) {
    return resources.contains(Unicode.writable(arn));
  }

  /** Keeps what the call's decision rests on, beside what its caller may. */
  public void rests(Object on) {
    basis = on;
  }

  /**
   * Whether the call's decision rests on this: an operation that looks it up again in its
   * transaction learns so that it has changed since.
   */
  public boolean restsOn(Object now) {
    return now.equals(basis);
  }

  /** A guardrail's verdict, shown in the answer's header and in the event. */
  public void note(String verdict) {
    notes.addIfAbsent(verdict);
  }

  public List<String> notes() {
    return List.copyOf(notes);
  }

  public boolean written() {
    return written;
  }

  /** Writes the event of a mutation into its commit. */
  void stage(Tx tx, Call call, @Nullable Object result) {
    if (data) {
      return;
    }
    JsonValue response = result instanceof Shape shape ? Redacted.tree(shape) : JsonObject.EMPTY;
    log.stage(tx, call.account(), call.region(), event(call, readOnly(name), response, null));
  }

  void committed() {
    written = true;
  }

  /** Leaves out the event of a call that is refused as one too many of its kind. */
  public void leaveOut() {
    written = true;
  }

  /** Ends a call that changed nothing, or that failed with {@code error}. */
  public void end(Call call, @Nullable ApiError error) {
    if (!written && !(data && error == null)) {
      written = true;
      log.append(call.account(), call.region(), event(call, readOnly(name), null, error));
    }
  }

  private AuditEvent event(
      Call call, boolean readOnly, @Nullable JsonValue response, @Nullable ApiError error) {
    JsonObject document =
        EventDocument.of(call, new EventDocument.What(eventId, source, name, readOnly, parameters))
            .with(resources)
            .with(response, error)
            .with(notes(), error == null ? furtherGrants() : Map.of())
            .json();
    return new AuditEvent(
        eventId,
        call.now(),
        source,
        name,
        readOnly,
        EventDocument.username(call.principal()),
        call.principal().accessKeyId(),
        List.copyOf(resources),
        document);
  }

  /** CloudTrail's rule of thumb for operations: what only looks is read-only. */
  static boolean readOnly(String name) {
    return name.startsWith("Get")
        || name.startsWith("List")
        || name.startsWith("Describe")
        || name.startsWith("Lookup")
        || name.startsWith("BatchGet")
        || name.startsWith("AssumeRole")
        || name.startsWith("Decode")
        || name.equals("Decrypt")
        || name.equals("Encrypt")
        || name.startsWith("GenerateDataKey")
        || name.startsWith("Discover");
  }
}
