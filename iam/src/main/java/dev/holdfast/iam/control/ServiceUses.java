// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.ServiceUse;
import dev.holdfast.iam.model.ServiceUse.ActionUse;
import dev.holdfast.kit.AccountId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What users and roles ask of services, action by action, also where they are denied. As {@link
 * LastUses}: collected in memory, kept now and then.
 */
public final class ServiceUses {
  private static final int MOST_ENTITIES = 20_000;
  private static final int BATCH = 500;

  /** Whose uses they are. */
  private record Who(AccountId account, String entity) {}

  private final State state;
  private final Map<Who, Map<String, ActionUse>> fresh = new ConcurrentHashMap<>();

  public ServiceUses(State state) {
    this.state = state;
  }

  /** Notes what a call asks for. */
  void asked(Call call, Access access) {
    note(call, access, ActionUse.asked(at(call), call.region().name()));
  }

  /** Notes that a call was let in to all that it asked for. */
  void granted(Call call, Access access) {
    note(call, access, ActionUse.asked(at(call), call.region().name()).allowed());
  }

  private static Instant at(Call call) {
    return call.now().truncatedTo(ChronoUnit.SECONDS);
  }

  private void note(Call call, Access access, ActionUse use) {
    Principal.Identity identity = call.principal().identity();
    if (identity.kind() == Principal.Kind.ROOT
        || identity.kind() == Principal.Kind.WEB_IDENTITY
        || identity.account().equals(Table.PLATFORM)) {
      return; // root has no policies to be told of; hosts are told of elsewhere
    }
    var who = new Who(identity.account(), identity.uniqueId());
    for (Demand demand : access.demands()) {
      if (demand.ofGuardrails()) {
        continue; // the platform's own question
      }
      Map<String, ActionUse> mine = fresh.get(who);
      if (mine == null ? fresh.size() < MOST_ENTITIES : isNews(mine.get(demand.action()), use)) {
        // in one step, as what is kept meanwhile goes away
        fresh.compute(who, (_, uses) -> noted(uses, demand.action(), use));
      }
    }
  }

  private static boolean isNews(@Nullable ActionUse before, ActionUse use) {
    return before == null
        || before.at().isBefore(use.at())
        || before.lastGranted().isBefore(use.lastGranted())
        || !before.region().equals(use.region());
  }

  private static Map<String, ActionUse> noted(
      @Nullable Map<String, ActionUse> uses, String action, ActionUse use) {
    Map<String, ActionUse> mine = uses == null ? new ConcurrentHashMap<>() : uses;
    mine.merge(action, use, ActionUse::with);
    return mine;
  }

  /** What an entity asked of each service, with what is not kept yet; by service. */
  public Map<String, ServiceUse> of(View view, AccountId account, String entity) {
    var found = new TreeMap<String, ServiceUse>();
    view.list(IamTables.SERVICE_USES, account, entity)
        .forEach(use -> found.put(use.service(), use));
    Map<String, ActionUse> now = fresh.get(new Who(account, entity));
    if (now != null) {
      byService(now)
          .forEach(
              (service, uses) ->
                  found.merge(
                      service,
                      new ServiceUse(entity, service, uses),
                      (kept, more) -> kept.with(more.actions())));
    }
    return found;
  }

  private static Map<String, Map<String, ActionUse>> byService(Map<String, ActionUse> uses) {
    var found = new TreeMap<String, Map<String, ActionUse>>();
    uses.forEach(
        (action, use) -> {
          int colon = action.indexOf(':');
          found
              .computeIfAbsent(action.substring(0, colon), _ -> new TreeMap<>())
              .put(action.substring(colon + 1), use);
        });
    return found;
  }

  /**
   * Keeps what was collected.
   *
   * @return of how many users and roles
   */
  public int keep() {
    var all = new ArrayList<>(fresh.entrySet());
    for (int from = 0; from < all.size(); from += BATCH) {
      List<Map.Entry<Who, Map<String, ActionUse>>> some =
          all.subList(from, Math.min(all.size(), from + BATCH)).stream()
              .map(e -> Map.entry(e.getKey(), Map.copyOf(e.getValue())))
              .toList();
      state.own(
          Urgency.ORDINARY,
          tx -> {
            some.forEach(e -> put(tx, e.getKey(), e.getValue()));
            return some.size();
          });
      some.forEach(e -> forgetFresh(e.getKey(), e.getValue()));
    }
    return all.size();
  }

  /** Drops what is kept now, and leaves what was noted meanwhile. */
  private void forgetFresh(Who who, Map<String, ActionUse> kept) {
    fresh.computeIfPresent(
        who,
        (_, uses) -> {
          kept.forEach(uses::remove);
          return uses.isEmpty() ? null : uses;
        });
  }

  private static void put(Tx tx, Who who, Map<String, ActionUse> uses) {
    if (tx.get(IamTables.ACCOUNTS, Table.PLATFORM, who.account()) == null) {
      return; // removed since
    }
    byService(uses)
        .forEach(
            (service, now) -> {
              var key = new ServiceUse.Key(who.entity(), service);
              ServiceUse before = tx.get(IamTables.SERVICE_USES, who.account(), key);
              ServiceUse after =
                  before == null ? new ServiceUse(who.entity(), service, now) : before.with(now);
              tx.put(IamTables.SERVICE_USES, who.account(), key, after);
            });
  }

  /** Forgets all uses of an entity that is deleted: its id never comes again. */
  static void forget(Tx tx, AccountId account, String entity) {
    for (ServiceUse use : tx.list(IamTables.SERVICE_USES, account, entity)) {
      tx.delete(IamTables.SERVICE_USES, account, new ServiceUse.Key(use.entity(), use.service()));
    }
  }

  /** A row and where it lies. */
  private record Old(AccountId account, ServiceUse.Key key) {}

  /**
   * Forgets services that were not used since an instant.
   *
   * @return how many
   */
  public int forget(Instant before) {
    var old = new ArrayList<Old>();
    state.read(
        view -> {
          view.eachRow(
              IamTables.SERVICE_USES,
              (account, _, use) -> {
                if (use.last().at().isBefore(before)) {
                  old.add(new Old(account, new ServiceUse.Key(use.entity(), use.service())));
                }
              });
          return old;
        });
    for (int from = 0; from < old.size(); from += BATCH) {
      List<Old> some = old.subList(from, Math.min(old.size(), from + BATCH));
      state.own(
          tx -> {
            some.forEach(row -> tx.delete(IamTables.SERVICE_USES, row.account(), row.key()));
            return some.size();
          });
    }
    return old.size();
  }
}
