// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.AccessKey;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.IamTables.Account;
import dev.holdfast.iam.model.LastUse;
import dev.holdfast.iam.model.LoginProfile;
import dev.holdfast.iam.model.ReportPart;
import dev.holdfast.iam.model.User;
import dev.holdfast.iam.plan.CredentialLines;
import dev.holdfast.iam.plan.CredentialLines.Subject;
import dev.holdfast.iam.plan.PasswordCheck;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The credential report of an account. It is made in the call that asks for it, so nobody ever
 * finds one in the making.
 */
public record CredentialReports(IamState iam) {
  private static final Duration FRESH = Duration.ofHours(4);
  private static final int LINES = 500;

  /** A report as it is fetched. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Report(Instant made, byte[] content) {}

  /** Makes a report where there is none, or an old one; true where it was made. */
  public boolean make(Call call) {
    AccountId account = call.account();
    boolean fresh = iam.state().read(view -> isFresh(made(view, account), call.now()));
    if (fresh) {
      return false;
    }
    List<String> parts = iam.state().read(view -> parts(view, account));
    return iam.state()
        .commit(
            call,
            tx -> {
              int before = tx.list(IamTables.REPORT_PARTS, account).size();
              for (int i = parts.size(); i < before; i++) {
                tx.delete(IamTables.REPORT_PARTS, account, i);
              }
              for (int i = 0; i < parts.size(); i++) {
                tx.put(
                    IamTables.REPORT_PARTS,
                    account,
                    i,
                    new ReportPart(i, call.now(), parts.get(i)));
              }
              return true;
            });
  }

  /**
   * The report that was made last.
   *
   * @throws dev.holdfast.aws.ApiError ReportNotPresent, ReportExpired
   */
  public Report fetch(Call call) {
    List<ReportPart> parts =
        iam.state().read(view -> view.list(IamTables.REPORT_PARTS, call.account()));
    if (parts.isEmpty()) {
      throw IamError.CREDENTIAL_REPORT_NOT_PRESENT.because(
          "The credential report does not exist. To generate a credential report, use"
              + " GenerateCredentialReport.");
    }
    Instant made = parts.getFirst().made();
    if (!isFresh(made, call.now())) {
      throw IamError.CREDENTIAL_REPORT_EXPIRED.because(
          "The most recent credential report has expired. To generate a new credential report, use"
              + " GenerateCredentialReport.");
    }
    String text = String.join("", parts.stream().map(ReportPart::lines).toList());
    return new Report(made, text.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable Instant made(View view, AccountId account) {
    ReportPart first = view.get(IamTables.REPORT_PARTS, account, 0);
    return first == null ? null : first.made();
  }

  private static boolean isFresh(@Nullable Instant made, Instant now) {
    return made != null && now.isBefore(made.plus(FRESH));
  }

  private static List<String> parts(View view, AccountId account) {
    var parts = new ArrayList<String>();
    parts.add(CredentialLines.HEADER + root(AccountFacts.of(view, account)));
    List<Entity> page = users(view, account, null);
    while (!page.isEmpty()) {
      var lines = new StringBuilder();
      page.forEach(entity -> lines.append(line(view, account, (User) entity)));
      parts.add(lines.toString());
      page = users(view, account, page.getLast());
    }
    return parts;
  }

  private static List<Entity> users(View view, AccountId account, @Nullable Entity after) {
    return view.list(
        IamTables.ENTITIES,
        account,
        List.of(EntityKind.USER.word()),
        after == null ? null : new Entity.Key(EntityKind.USER, after.name()),
        LINES);
  }

  /** The root user has neither password nor keys here. */
  private static String root(Account account) {
    return CredentialLines.of(
        new Subject(
            "<root_account>",
            Arn.global("iam", account.id(), "root").toString(),
            account.created(),
            null,
            false,
            List.of()));
  }

  private static String line(View view, AccountId account, User user) {
    return CredentialLines.of(
        new Subject(
            user.name(),
            user.arn(account).toString(),
            user.created(),
            password(view, account, user),
            !MfaDevices.of(view, account, user.id()).isEmpty(),
            AccessKeys.of(view, account, user).stream()
                .limit(2)
                .map(key -> key(view, key))
                .toList()));
  }

  /** Nobody signs in with a password here, so that none was ever used. */
  private static CredentialLines.@Nullable Password password(
      View view, AccountId account, User user) {
    LoginProfile profile = view.get(IamTables.LOGIN_PROFILES, account, user.id());
    return profile == null
        ? null
        : new CredentialLines.Password(
            null,
            profile.set(),
            PasswordCheck.end(AccountFacts.of(view, account).passwords(), profile.set())
                .orElse(null));
  }

  private static CredentialLines.Key key(View view, AccessKey key) {
    LastUse use = view.get(IamTables.LAST_USES, Table.PLATFORM, key.id());
    return use == null
        ? new CredentialLines.Key(key.active(), key.created(), null, null, null)
        : new CredentialLines.Key(
            key.active(), key.created(), use.at(), use.region(), use.service());
  }
}
