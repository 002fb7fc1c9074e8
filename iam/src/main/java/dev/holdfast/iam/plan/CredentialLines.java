// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the lines of a credential report.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html">
 *     Credential reports</a>
 */
public final class CredentialLines {
  public static final String HEADER =
      "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
          + "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
          + "access_key_1_last_used_date,access_key_1_last_used_region,"
          + "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"
          + "access_key_2_last_used_date,access_key_2_last_used_region,"
          + "access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,"
          + "cert_2_last_rotated\n";

  private static final String NONE = "N/A";
  private static final int KEYS = 2;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'+00:00'").withZone(ZoneOffset.UTC);

  /**
   * A password.
   *
   * @param used null where it never was
   * @param next when another is due, or null
   */
  public record Password(@Nullable Instant used, Instant changed, @Nullable Instant next) {}

  /** An access key; the last three are null where it was never used. */
  public record Key(
      boolean active,
      Instant created,
      @Nullable Instant used,
      @Nullable String region,
      @Nullable String service) {}

  /**
   * A user, or the root user.
   *
   * @param password null where there is none
   * @param keys two at most
   */
  public record Subject(
      String name,
      String arn,
      Instant created,
      @Nullable Password password,
      boolean mfa,
      List<Key> keys) {
    public Subject {
      keys = List.copyOf(keys);
      if (keys.size() > KEYS) {
        throw new IllegalArgumentException("a report tells of two keys");
      }
    }
  }

  private CredentialLines() {}

  /** The line of a subject, with its end. */
  public static String of(Subject subject) {
    var cells = new ArrayList<String>();
    cells.addAll(List.of(subject.name(), subject.arn(), time(subject.created())));
    Password password = subject.password();
    cells.add(Boolean.toString(password != null));
    if (password == null) {
      cells.addAll(List.of(NONE, NONE, NONE));
    } else {
      cells.add(password.used() == null ? "no_information" : time(password.used()));
      cells.add(time(password.changed()));
      cells.add(time(password.next()));
    }
    cells.add(Boolean.toString(subject.mfa()));
    for (int i = 0; i < KEYS; i++) {
      Key key = i < subject.keys().size() ? subject.keys().get(i) : null;
      cells.add(Boolean.toString(key != null && key.active()));
      cells.add(time(key == null ? null : key.created()));
      cells.add(time(key == null ? null : key.used()));
      cells.add(key == null || key.region() == null ? NONE : key.region());
      cells.add(key == null || key.service() == null ? NONE : key.service());
    }
    cells.addAll(List.of("false", NONE, "false", NONE));
    return String.join(",", cells.stream().map(CredentialLines::cell).toList()) + "\n";
  }

  private static String time(@Nullable Instant time) {
    return time == null ? NONE : TIME.format(time);
  }

  /** RFC 4180: a name may have a comma. */
  private static String cell(String text) {
    return text.contains(",") || text.contains("\"")
        ? "\"" + text.replace("\"", "\"\"") + "\""
        : text;
  }
}
