// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.space.Urgency;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The exceptions of guardrails. They are kept, and held in memory too, as a guardrail is asked in
 * the middle of transactions. Nothing but the operator's own commands makes one.
 */
public final class GuardrailExceptions {
  public static final int MOST = 100;
  public static final Duration LONGEST = Duration.ofDays(30);
  static final int LONGEST_TEXT = 512;

  /** By id, under {@link Table#PLATFORM}. */
  static final Table<String, GuardrailException> EXCEPTIONS =
      Table.of("guardrail-exceptions", GuardrailException.class, List::of);

  private final State state;
  private volatile List<GuardrailException> known;

  private GuardrailExceptions(State state, List<GuardrailException> known) {
    this.state = state;
    this.known = known;
  }

  public static GuardrailExceptions open(State state) {
    return new GuardrailExceptions(
        state, state.read(view -> view.list(EXCEPTIONS, Table.PLATFORM)));
  }

  /** Those that hold at an instant. */
  public List<GuardrailException> holding(Instant now) {
    return known.stream().filter(exception -> exception.holds(now)).toList();
  }

  /**
   * Lowers a guardrail.
   *
   * @throws IllegalArgumentException with what is wrong, in words
   */
  public synchronized void add(Call call, GuardrailException exception) {
    require(
        Guardrails.ALL.stream().anyMatch(rule -> rule.id().equals(exception.guardrail())),
        "there is no guardrail `" + exception.guardrail() + "`; see ./holdfast guardrails");
    require(
        exception.resource() != null || exception.principal() != null,
        "say for what: --resource, --principal or both");
    require(!exception.reason().isBlank(), "say why: --reason");
    requireLine(exception.reason());
    requireLine(exception.resource());
    requireLine(exception.principal());
    require(exception.until().isAfter(call.now()), "its end lies in the past");
    require(
        !exception.until().isAfter(call.now().plus(LONGEST)),
        "an exception lasts " + LONGEST.toDays() + " days at most");
    require(known.size() < MOST, "there are " + MOST + " exceptions already; end some");
    GuardrailException _ =
        state.commit(
            call,
            tx -> {
              tx.put(EXCEPTIONS, Table.PLATFORM, exception.id(), exception);
              return exception;
            });
    var more = new ArrayList<>(known);
    more.add(exception);
    known = List.copyOf(more);
  }

  /** Ends all of them: after a restore nothing can know which of them were ended since. */
  public static void forget(Tx tx) {
    for (GuardrailException each : tx.list(EXCEPTIONS, Table.PLATFORM)) {
      tx.delete(EXCEPTIONS, Table.PLATFORM, each.id());
    }
  }

  private static void requireLine(@Nullable String text) {
    require(
        text == null
            || (text.length() <= LONGEST_TEXT && text.chars().noneMatch(Character::isISOControl)),
        "a text is one line of at most " + LONGEST_TEXT + " characters");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** Raises a guardrail again; empty where there is no such exception. */
  public synchronized Optional<GuardrailException> end(Call call, String id) {
    Optional<GuardrailException> found = known.stream().filter(e -> e.id().equals(id)).findFirst();
    found.ifPresent(
        exception -> {
          String _ =
              state.commit(
                  call,
                  tx -> {
                    tx.delete(EXCEPTIONS, Table.PLATFORM, id);
                    return id;
                  });
          forget(List.of(exception));
        });
    return found;
  }

  /** Forgets those that are over, and says in the audit that the guardrail rose again. */
  public synchronized int expire(AuditLog log, Instant now) {
    List<GuardrailException> over = known.stream().filter(e -> e.over(now)).toList();
    if (!over.isEmpty()) {
      int _ =
          state.own(
              Urgency.VITAL,
              tx -> {
                for (GuardrailException exception : over) {
                  tx.delete(EXCEPTIONS, Table.PLATFORM, exception.id());
                  log.stage(tx, exception.account(), Region.GLOBAL, risen(exception, now));
                }
                return over.size();
              });
      forget(over);
    }
    return over.size();
  }

  private static AuditEvent risen(GuardrailException exception, Instant now) {
    return new ServiceEvent(
            "holdfast.internal",
            "GuardrailRaised",
            exception.guardrail() + "/" + exception.id(),
            JsonObject.EMPTY
                .with("guardrail", exception.guardrail())
                .with("exception", exception.id())
                .with("until", exception.until().toString()))
        .at(now, exception.account(), Region.GLOBAL);
  }

  private void forget(List<GuardrailException> gone) {
    known = known.stream().filter(e -> !gone.contains(e)).toList();
  }
}
