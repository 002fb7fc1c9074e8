// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.kit.Printable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a user reads after a start: where it is, who they are, what holds, what to type next. */
final class Banner {
  private Banner() {}

  /**
   * The text for a {@code GET /status} document.
   *
   * @param principal who the local operator is, as an ARN
   * @param option the words that name this installation in a command, or empty
   */
  static String text(JsonObject status, @Nullable String principal, String option) {
    return """
        %s
          url         %s
        %s  profile     %s
          account     %s, region %s
          you are     %s
          enforced    %s
          only taught %s
          tasks       %s
          data        %s
          root key    %s

        Next:
          eval "$(./holdfast env%s)"
          aws sts get-caller-identity
          ./holdfast tour%s
        Stop it:
          ./holdfast down%s
        """
        .formatted(
            headline(status),
            field(status, "url"),
            tls(status),
            field(status, "profile"),
            field(status, "account"),
            field(status, "region"),
            Objects.requireNonNullElse(principal, "-"),
            list(status, "enforced"),
            list(status, "taught"),
            tasks(status),
            field(status, "dataDir"),
            field(status, "rootKey"),
            option,
            option,
            option);
  }

  private static String headline(JsonObject status) {
    String up = "Holdfast " + field(status, "version") + " is up.";
    if (!"dev".equals(status.string("profile"))) {
      return up;
    }
    return up
        + "\n\n"
        + "  **  Profile dev, for this machine alone: guardrails teach instead of refusing,\n"
        + "  **  and the root key lies beside the data it protects. Authentication,\n"
        + "  **  authorization and encryption are on, as everywhere.\n";
  }

  /** Where others reach it, and by what they know it; empty where they do not. */
  private static String tls(JsonObject status) {
    return status.array("tls").isEmpty()
        ? ""
        : "  tls         %s\n  authority   SHA-256 %s\n"
            .formatted(list(status, "tls"), field(status, "caFingerprint"));
  }

  /** Whether tasks can run here, and why not. */
  static String tasks(JsonObject status) {
    JsonObject agent = status.object("agent");
    if (agent.isTrue("connected")) {
      Long running = status.integer("tasksRunning");
      return "can run here; running now: " + (running == null ? 0 : running);
    }
    String reason = agent.string("reason");
    return reason == null || reason.isBlank()
        ? "the agent is not connected yet"
        : "cannot run here: " + Printable.line(reason);
  }

  static String field(JsonObject status, String name) {
    return Printable.line(Objects.requireNonNullElse(status.string(name), "-"));
  }

  static String list(JsonObject status, String name) {
    List<String> texts = status.array(name).stream().map(Banner::word).toList();
    return texts.isEmpty() ? "nothing" : String.join(", ", texts);
  }

  private static String word(JsonValue value) {
    return Printable.line(value instanceof JsonString(var text) ? text : value.toString());
  }
}
