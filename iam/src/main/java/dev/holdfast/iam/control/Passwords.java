// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Empty;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Guesses;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.IamTables.Account;
import dev.holdfast.iam.model.LoginProfile;
import dev.holdfast.iam.model.LoginProfile.Derived;
import dev.holdfast.iam.model.PasswordRules;
import dev.holdfast.iam.model.User;
import dev.holdfast.iam.plan.PasswordCheck;
import dev.holdfast.iam.plan.Pbkdf2;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Call;
import dev.holdfast.service.Principal;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The passwords of users. Deriving is slow by design, so it is done outside of transactions, and by
 * few at a time; a transaction then compares what was derived with the row as it is.
 */
public record Passwords(IamState iam) {
  private static final int SALT_BYTES = 16;
  private static final int AT_ONCE = 2;
  private static final int PATIENCE_SECONDS = 10;

  /** Whoever derives holds a permit, so that no number of callers takes all processors. */
  private static final Semaphore DERIVING = new Semaphore(AT_ONCE);

  private static @Nullable LoginProfile find(View view, AccountId account, User user) {
    return view.get(IamTables.LOGIN_PROFILES, account, user.id());
  }

  /**
   * The login profile of a user.
   *
   * @throws ApiError NoSuchEntity
   */
  public static LoginProfile profile(View view, AccountId account, User user) {
    LoginProfile profile = find(view, account, user);
    if (profile == null) {
      throw IamError.NO_SUCH_ENTITY.because(
          "Login Profile for User %s cannot be found.", user.name());
    }
    return profile;
  }

  private static void put(Tx tx, AccountId account, LoginProfile profile) {
    tx.put(IamTables.LOGIN_PROFILES, account, profile.userId(), profile);
  }

  /** Gives a user a first password. */
  public <R> R create(
      Call call,
      String userName,
      String password,
      boolean resetRequired,
      Function<LoginProfile, R> out) {
    iam.state()
        .read(
            view -> {
              User user = Directory.user(view, call.account(), userName);
              requireNone(view, call.account(), user);
              requireGood(view, call.account(), password);
              return user;
            });
    String salt = Ids.hex(iam.random(), SALT_BYTES);
    Derived derived = slowly(() -> Pbkdf2.derive(password, salt, Pbkdf2.ITERATIONS));
    return iam.state()
        .commit(
            call,
            tx -> {
              User user = (User) IamState.judged(tx, call, EntityKind.USER, userName);
              requireNone(tx, call.account(), user);
              requireGood(tx, call.account(), password);
              var profile =
                  new LoginProfile(
                      user.id(),
                      call.now(),
                      salt,
                      derived,
                      call.now(),
                      List.of(),
                      new LoginProfile.State(resetRequired, Guesses.NONE));
              put(tx, call.account(), profile);
              return out.apply(profile);
            });
  }

  private static void requireNone(View view, AccountId account, User user) {
    if (find(view, account, user) != null) {
      throw IamError.ENTITY_ALREADY_EXISTS.because(
          "Login Profile for user %s already exists.", user.name());
    }
  }

  private static @Nullable PasswordRules rules(View view, AccountId account) {
    return AccountFacts.of(view, account).passwords();
  }

  private static void requireGood(View view, AccountId account, String password) {
    Account row = AccountFacts.of(view, account);
    String alias = row.alias();
    PasswordCheck.fault(
            password,
            row.passwords(),
            alias == null ? List.of(account.digits()) : List.of(account.digits(), alias))
        .ifPresent(
            fault -> {
              throw IamError.PASSWORD_POLICY_VIOLATION.because("%s", fault);
            });
  }

  /** Sets what an administrator sets. */
  public Empty update(
      Call call, String userName, @Nullable String password, @Nullable Boolean resetRequired) {
    LoginProfile before = before(call, userName);
    Derived derived = password == null ? null : another(call, before, password);
    return iam.state()
        .commit(
            call,
            tx -> {
              User user = Directory.user(tx, call.account(), userName);
              LoginProfile now = same(profile(tx, call.account(), user), before);
              boolean reset =
                  Objects.requireNonNullElse(resetRequired, now.state().resetRequired());
              put(
                  tx,
                  call.account(),
                  derived == null
                      ? now.with(new LoginProfile.State(reset, now.state().guesses()))
                      : now.with(derived, call.now(), reset));
              return new Empty();
            });
  }

  private LoginProfile before(Call call, String userName) {
    return iam.state()
        .read(
            view -> profile(view, call.account(), Directory.user(view, call.account(), userName)));
  }

  /** Derives from another password, where the account's policy takes it. */
  private Derived another(Call call, LoginProfile profile, String password) {
    PasswordRules rules =
        iam.state()
            .read(
                view -> {
                  requireGood(view, call.account(), password);
                  return rules(view, call.account());
                });
    Derived derived = slowly(() -> Pbkdf2.derive(password, profile.salt(), Pbkdf2.ITERATIONS));
    Integer kept = rules == null ? null : rules.reusePrevention();
    if (kept != null && slowly(() -> Pbkdf2.used(password, derived, profile, kept))) {
      throw IamError.PASSWORD_POLICY_VIOLATION.because(
          "Password should not be one of the last %d passwords", kept);
    }
    return derived;
  }

  /** The row as it is, where nobody set another password since. */
  private static LoginProfile same(LoginProfile now, LoginProfile before) {
    if (!now.salt().equals(before.salt()) || !now.current().equals(before.current())) {
      throw IamError.ENTITY_TEMPORARILY_UNMODIFIABLE.because(
          "The password is being changed by another request. Try again.");
    }
    return now;
  }

  /** Takes a user's password away. */
  public Empty delete(Call call, String userName) {
    return iam.state()
        .commit(
            call,
            tx -> {
              User user = Directory.user(tx, call.account(), userName);
              LoginProfile profile = profile(tx, call.account(), user);
              tx.delete(IamTables.LOGIN_PROFILES, call.account(), profile.userId());
              return new Empty();
            });
  }

  /** Whether the account's policy lets its users change their own passwords. */
  public boolean usersMayChange(Call call) {
    PasswordRules rules = iam.state().read(view -> rules(view, call.account()));
    return rules != null && rules.usersMayChange();
  }

  /** Sets another password for the user that calls and knows the old one. */
  public Empty change(Call call, String old, String password) {
    Principal.Identity identity = call.principal().identity();
    LoginProfile before = before(call, identity.name());
    requireOpen(call, before);
    requireRight(call, before, slowly(() -> proved(old, before)));
    Derived derived = another(call, before, password);
    return iam.state()
        .commit(
            call,
            tx -> {
              User user = Directory.user(tx, call.account(), identity.name());
              LoginProfile now = same(profile(tx, call.account(), user), before);
              put(tx, call.account(), now.with(derived, call.now(), false));
              return new Empty();
            });
  }

  private static boolean proved(String old, LoginProfile profile) {
    Derived current = profile.current();
    return Pbkdf2.same(Pbkdf2.derive(old, profile.salt(), current.iterations()), current);
  }

  private void requireOpen(Call call, LoginProfile profile) {
    if (!profile.state().guesses().open(call.now())) {
      throw denied("The old password was incorrect too often: wait, then try again.");
    }
    PasswordRules rules = iam.state().read(view -> rules(view, call.account()));
    if (PasswordCheck.shut(rules, profile.set(), call.now())) {
      throw denied("The password has expired: an administrator has to set another one.");
    }
  }

  /** Counts a wrong password in the transaction that sees whether it is looked at. */
  private void requireRight(Call call, LoginProfile before, boolean right) {
    boolean open =
        iam.state()
            .own(
                Urgency.VITAL,
                tx -> {
                  LoginProfile now =
                      tx.get(IamTables.LOGIN_PROFILES, call.account(), before.userId());
                  if (now == null || !now.state().guesses().open(call.now())) {
                    return false;
                  }
                  if (!right) {
                    var missed = now.state().guesses().missed(call.now());
                    put(
                        tx,
                        call.account(),
                        now.with(new LoginProfile.State(now.state().resetRequired(), missed)));
                  }
                  return true;
                });
    if (!right || !open) {
      throw denied("The old password was incorrect.");
    }
  }

  private static ApiError denied(String why) {
    return new ApiError(CommonError.ACCESS_DENIED.in(Protocol.QUERY), why);
  }

  private static <T> T slowly(Supplier<T> work) {
    try {
      if (!DERIVING.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw CommonError.THROTTLING.in(Protocol.QUERY).because("Rate exceeded");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    try {
      return work.get();
    } finally {
      DERIVING.release();
    }
  }
}
