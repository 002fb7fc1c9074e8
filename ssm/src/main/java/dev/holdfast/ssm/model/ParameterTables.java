// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The tables of Parameter Store: current parameters by hierarchy, their history and its labels. */
public final class ParameterTables {
  /** How many versions of a parameter are kept. */
  public static final int MOST_VERSIONS = 100;

  /** A parameter's place: its levels are segments, so that a path is a prefix. */
  public record Named(Region region, String name) {
    private List<String> segments() {
      return ParameterTables.segments(region, ParameterName.levels(name));
    }
  }

  private record Versioned(Region region, String name, long version) {
    private List<String> segments() {
      return List.of(region.name(), name, String.format(Locale.ROOT, "%019d", version));
    }
  }

  private static final Table<Named, StoredParameter> CURRENT =
      Table.of("ssm-parameters", StoredParameter.class, Named::segments);

  private static final Table<Versioned, StoredParameter> HISTORY =
      Table.of("ssm-parameter-history", StoredParameter.class, Versioned::segments);

  private record Shared(Region region, String name, String id) {
    private List<String> segments() {
      return List.of(region.name(), name, id);
    }
  }

  private static final Table<Shared, ParameterPolicy> POLICIES =
      Table.of("ssm-resource-policies", ParameterPolicy.class, Shared::segments);

  private record Labelled(Region region, String name, String label) {
    private List<String> segments() {
      return List.of(region.name(), name, label);
    }
  }

  private static final Table<Labelled, VersionLabel> LABELS =
      Table.of("ssm-parameter-labels", VersionLabel.class, Labelled::segments);

  private ParameterTables() {}

  /** Every table of Parameter Store. */
  public static List<Table<?, ?>> all() {
    return List.of(CURRENT, HISTORY, POLICIES, LABELS);
  }

  /** Shows every current parameter. */
  public static void eachCurrent(View view, Consumer<StoredParameter> visitor) {
    view.eachRow(CURRENT, (_, _, row) -> visitor.accept(row));
  }

  /** Shows every version that is kept of every parameter. */
  public static void eachVersion(View view, Consumer<StoredParameter> visitor) {
    view.eachRow(HISTORY, (_, _, row) -> visitor.accept(row));
  }

  private static List<String> segments(Region region, List<String> levels) {
    var segments = new ArrayList<String>();
    segments.add(region.name());
    segments.addAll(levels);
    return segments;
  }

  public static @Nullable StoredParameter current(
      View view, AccountId account, Region region, String name) {
    return view.get(CURRENT, account, new Named(region, name));
  }

  public static @Nullable StoredParameter version(
      View view, AccountId account, Region region, String name, long version) {
    return view.get(HISTORY, account, new Versioned(region, name, version));
  }

  /** All versions that are kept, oldest first. */
  public static List<StoredParameter> history(
      View view, AccountId account, Region region, String name) {
    return view.list(HISTORY, account, region.name(), name);
  }

  /**
   * The parameters whose levels begin with these, in order of their levels.
   *
   * @param after the name to go on after, or null
   */
  public static List<StoredParameter> under(
      View view,
      AccountId account,
      Region region,
      List<String> levels,
      @Nullable String after,
      int limit) {
    return view.list(
        CURRENT,
        account,
        segments(region, levels),
        after == null ? null : new Named(region, after),
        limit);
  }

  /** All parameters whose levels begin with these. */
  public static List<StoredParameter> under(
      View view, AccountId account, Region region, List<String> levels) {
    return view.list(CURRENT, account, segments(region, levels).toArray(String[]::new));
  }

  /** Makes a version the current one; the oldest beyond {@link #MOST_VERSIONS} goes. */
  public static void put(Tx tx, StoredParameter parameter) {
    AccountId account = parameter.account();
    Region region = parameter.region();
    String name = parameter.name();
    tx.put(CURRENT, account, new Named(region, name), parameter);
    tx.put(HISTORY, account, new Versioned(region, name, parameter.version()), parameter);
    if (parameter.version() > MOST_VERSIONS) {
      tx.delete(HISTORY, account, new Versioned(region, name, parameter.version() - MOST_VERSIONS));
    }
  }

  /** The labels of a parameter's versions, each with the version that has it. */
  public static SortedMap<String, Long> labels(
      View view, AccountId account, Region region, String name) {
    var labels = new TreeMap<String, Long>();
    for (VersionLabel one : view.list(LABELS, account, region.name(), name)) {
      labels.put(one.label(), one.version());
    }
    return labels;
  }

  /** The version that has a label, or null where none has. */
  public static @Nullable Long labelled(
      View view, AccountId account, Region region, String name, String label) {
    VersionLabel found = view.get(LABELS, account, new Labelled(region, name, label));
    return found == null ? null : found.version();
  }

  /** Shows every label with its account. */
  public static void eachLabel(View view, BiConsumer<AccountId, VersionLabel> visitor) {
    view.eachRow(LABELS, (account, _, row) -> visitor.accept(account, row));
  }

  /** Gives a label to this version; another that had it has it no more. */
  public static void label(Tx tx, StoredParameter version, String label) {
    tx.put(
        LABELS,
        version.account(),
        new Labelled(version.region(), version.name(), label),
        new VersionLabel(version.region(), version.name(), label, version.version()));
  }

  /** Takes a label away from whichever version has it. */
  public static void unlabel(Tx tx, StoredParameter parameter, String label) {
    tx.delete(
        LABELS, parameter.account(), new Labelled(parameter.region(), parameter.name(), label));
  }

  /** The policies by which a parameter is shared, by id. */
  public static List<ParameterPolicy> policies(View view, StoredParameter parameter) {
    return view.list(POLICIES, parameter.account(), parameter.region().name(), parameter.name());
  }

  /** Shows every policy with its account. */
  public static void eachPolicy(View view, BiConsumer<AccountId, ParameterPolicy> visitor) {
    view.eachRow(POLICIES, (account, _, row) -> visitor.accept(account, row));
  }

  /** Shares a parameter, or shares it otherwise. */
  public static void put(Tx tx, StoredParameter parameter, ParameterPolicy policy) {
    tx.put(POLICIES, parameter.account(), place(policy), policy);
  }

  /** Shares a parameter no more. */
  public static void delete(Tx tx, StoredParameter parameter, ParameterPolicy policy) {
    tx.delete(POLICIES, parameter.account(), place(policy));
  }

  private static Shared place(ParameterPolicy policy) {
    return new Shared(policy.region(), policy.parameter(), policy.id());
  }

  /** Removes a parameter with its history, its labels and its policies. */
  public static void delete(Tx tx, StoredParameter parameter) {
    AccountId account = parameter.account();
    Region region = parameter.region();
    for (StoredParameter old : history(tx, account, region, parameter.name())) {
      tx.delete(HISTORY, account, new Versioned(region, old.name(), old.version()));
    }
    labels(tx, account, region, parameter.name())
        .keySet()
        .forEach(label -> unlabel(tx, parameter, label));
    policies(tx, parameter).forEach(policy -> delete(tx, parameter, policy));
    tx.delete(CURRENT, account, new Named(region, parameter.name()));
  }
}
