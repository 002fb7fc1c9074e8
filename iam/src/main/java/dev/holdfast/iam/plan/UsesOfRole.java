// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.policy.Shrink.Use;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.Demand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gathers from the audit what a role was allowed. Pure. */
public final class UsesOfRole {
  /** More different uses than these are not told apart by resource. */
  private static final int MOST = 20_000;

  private static final Pattern ACTION = Pattern.compile("[a-z0-9-]+:[A-Za-z0-9]+");

  /**
   * Actions that the audit has in part: a push, a pull and lines of a log bring data, and are
   * recorded where they are refused.
   */
  private static final Set<String> IN_PART =
      Set.of(
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:CompleteLayerUpload",
          "ecr:GetDownloadUrlForLayer",
          "ecr:InitiateLayerUpload",
          "ecr:PutImage",
          "ecr:UploadLayerPart",
          "logs:PutLogEvents");

  private final String roleId;
  private final Map<Use, AuditEvent> uses = new LinkedHashMap<>();
  private final Set<String> unresolved = new TreeSet<>();
  private boolean inPart;
  private long calls;

  /**
   * Uses of a role.
   *
   * @param roleId its unique id: one of the same name that was deleted is another one
   */
  public UsesOfRole(String roleId) {
    this.roleId = roleId;
  }

  /** Looks at an event; those of others, and calls that were granted nothing, are passed over. */
  public void see(AuditEvent event) {
    JsonObject identity = event.document().object("userIdentity");
    String principal = identity.string("principalId");
    if (principal == null || !principal.startsWith(roleId + ":") || failed(event)) {
      return;
    }
    calls++;
    JsonValue more = event.document().object("additionalEventData").get("granted");
    String action = event.source().substring(0, Math.max(0, event.source().indexOf('.')));
    action = action + ":" + event.name();
    if (more instanceof JsonObject(var actions)) {
      if (actions.containsKey("omitted")) { // nobody knows of which actions
        add(event, action, more);
        incomplete();
        return;
      }
      actions.forEach((each, resources) -> add(event, each, resources));
      return;
    }
    if (event.resources().isEmpty()) {
      add(event, action, "*");
    }
    for (String resource : event.resources()) {
      add(event, action, resource);
    }
  }

  /** The platform's own, which no policy names. */
  private static boolean isOwn(String action) {
    return Demand.isOwn(action) || !ACTION.matcher(action).matches();
  }

  /** Refused by the guard, or failed before it was asked about anything. */
  private static boolean failed(AuditEvent event) {
    String code = event.document().string("errorCode");
    if (code == null) {
      return false;
    }
    boolean denied = code.startsWith("AccessDenied") || code.equals("UnauthorizedOperation");
    return denied || event.resources().isEmpty();
  }

  private void add(AuditEvent event, String action, @Nullable JsonValue resources) {
    if (resources instanceof JsonArray(var items)) {
      for (JsonValue item : items) {
        if (item instanceof JsonString(var text)) {
          add(event, action, text);
        }
      }
    } else if (!isOwn(action)) {
      unresolved.add(action); // too large to be kept
    }
  }

  private void add(AuditEvent event, String action, String resource) {
    if (isOwn(action)) {
      return;
    }
    if (IN_PART.contains(action)) {
      unresolved.add(action);
    }
    var use = new Use(action, resource);
    if (uses.size() < MOST || uses.containsKey(use)) {
      uses.putIfAbsent(use, event);
    } else {
      unresolved.add(action);
    }
  }

  /** What was shown is not the whole record: no resource is known for sure. */
  public void incomplete() {
    inPart = true;
  }

  /** Notes an action that is known to have been used, and may be missing in the audit. */
  public void used(String action) {
    if (!isOwn(action)
        && uses.keySet().stream().noneMatch(use -> use.action().equalsIgnoreCase(action))) {
      unresolved.add(action);
    }
  }

  /** What was used, each with an event that tells of it. */
  public Map<Use, AuditEvent> uses() {
    return Map.copyOf(uses);
  }

  /** Actions that were used on resources that are not known. */
  public Set<String> unresolved() {
    return inPart ? Set.copyOf(actions()) : Set.copyOf(unresolved);
  }

  /** How many calls of the role there were. */
  public long calls() {
    return calls;
  }

  /** The actions that were used, by name. */
  public List<String> actions() {
    var actions = new TreeSet<>(unresolved);
    uses.keySet().forEach(use -> actions.add(use.action()));
    return new ArrayList<>(actions);
  }
}
