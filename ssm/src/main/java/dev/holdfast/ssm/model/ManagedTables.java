// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The tables of activations and of the machines that came with them. */
public final class ManagedTables {
  /** The most activations, and the most machines, of an account. */
  public static final int MOST = 1_000;

  private static final Table<String, Activation> ACTIVATIONS =
      Table.of("ssm-activations", Activation.class, List::of);

  private static final Table<String, ManagedInstance> INSTANCES =
      Table.of("ssm-managed-instances", ManagedInstance.class, List::of);

  private ManagedTables() {}

  /** Both tables. */
  public static List<Table<?, ?>> all() {
    return List.of(ACTIVATIONS, INSTANCES);
  }

  public static @Nullable Activation activation(View view, AccountId account, String id) {
    return view.get(ACTIVATIONS, account, id);
  }

  public static @Nullable ManagedInstance instance(View view, AccountId account, String id) {
    return view.get(INSTANCES, account, id);
  }

  /** All activations of an account, of every region. */
  public static List<Activation> activations(View view, AccountId account) {
    return view.list(ACTIVATIONS, account);
  }

  /** The activations of a region, by id. */
  public static List<Activation> activations(View view, AccountId account, Region region) {
    return activations(view, account).stream().filter(a -> a.region().equals(region)).toList();
  }

  /** All machines of an account, of every region. */
  public static List<ManagedInstance> instances(View view, AccountId account) {
    return view.list(INSTANCES, account);
  }

  /** The machines of a region, by id. */
  public static List<ManagedInstance> instances(View view, AccountId account, Region region) {
    return instances(view, account).stream().filter(i -> i.region().equals(region)).toList();
  }

  /** Shows every activation. */
  public static void eachActivation(View view, Consumer<Activation> visitor) {
    view.each(ACTIVATIONS, visitor);
  }

  /** Shows every machine. */
  public static void eachInstance(View view, Consumer<ManagedInstance> visitor) {
    view.each(INSTANCES, visitor);
  }

  /**
   * State of an earlier time was restored: a machine that was deregistered since, or a code that
   * was used up, must not be good again. Machines register anew.
   */
  public static void forget(Tx tx) {
    tx.all(ACTIVATIONS).forEach(activation -> delete(tx, activation));
    for (ManagedInstance instance : tx.all(INSTANCES)) {
      Tags.delete(tx, instance.account(), instance.arn());
      delete(tx, instance);
    }
  }

  public static void put(Tx tx, Activation activation) {
    tx.put(ACTIVATIONS, activation.account(), activation.id(), activation);
  }

  public static void put(Tx tx, ManagedInstance instance) {
    tx.put(INSTANCES, instance.account(), instance.id(), instance);
  }

  public static void delete(Tx tx, Activation activation) {
    tx.delete(ACTIVATIONS, activation.account(), activation.id());
  }

  public static void delete(Tx tx, ManagedInstance instance) {
    tx.delete(INSTANCES, instance.account(), instance.id());
  }
}
