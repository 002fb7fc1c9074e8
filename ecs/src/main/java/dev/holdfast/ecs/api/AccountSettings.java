// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.Setting;
import dev.holdfast.ecs.model.AccountSetting;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Account settings: what there is, what each may be, and whose it is. */
final class AccountSettings {
  /** Rows of one account and region: eleven settings of every principal would never end. */
  private static final int MOST = 1000;

  private static final String INSIGHTS = "containerInsights";

  /**
   * A setting: what it is where nobody has said anything, and what it may be.
   *
   * @param only why other values are not served, or null
   */
  private record Kind(String otherwise, Set<String> values, @Nullable String only) {}

  private static final Kind LONG =
      new Kind("enabled", Set.of("enabled"), "every ARN has the long format here");
  private static final Map<String, Kind> KINDS = kinds();

  private AccountSettings() {}

  private static Map<String, Kind> kinds() {
    var kinds = new LinkedHashMap<String, Kind>();
    kinds.put("awsvpcTrunking", new Kind("disabled", Set.of("enabled", "disabled"), null));
    kinds.put(INSIGHTS, new Kind("disabled", Set.of("enabled", "disabled", "enhanced"), null));
    kinds.put("containerInstanceLongArnFormat", LONG);
    kinds.put(
        "defaultLogDriverMode", new Kind("non-blocking", Set.of("blocking", "non-blocking"), null));
    kinds.put("fargateEventWindows", new Kind("disabled", Set.of("enabled", "disabled"), null));
    kinds.put("fargateFIPSMode", new Kind("disabled", Set.of("enabled", "disabled"), null));
    kinds.put("fargateTaskRetirementWaitPeriod", new Kind("7", Set.of("0", "7", "14"), null));
    kinds.put("guardDutyActivate", new Kind("off", Set.of("off"), "GuardDuty is not served"));
    kinds.put("serviceLongArnFormat", LONG);
    kinds.put(
        "tagResourceAuthorization",
        new Kind("on", Set.of("on"), "tags given on creation are always asked for"));
    kinds.put("taskLongArnFormat", LONG);
    return kinds;
  }

  static Access access(String action, @Nullable String name) {
    return new Access(List.of(Demand.on(action).key("ecs:account-setting", name)));
  }

  /** The root user of the caller's account: what is set for it holds for everybody. */
  static Arn everybody(Call call) {
    return Arn.global("iam", call.account(), "root");
  }

  /** Whose setting a request is about: the caller's own where it names nobody. */
  static Arn principal(Call call, @Nullable String given) {
    if (given == null || given.isEmpty()) {
      return call.principal().identity().arn();
    }
    Arn arn = Arn.parse(given).orElse(null);
    boolean known =
        arn != null
            && arn.service().equals("iam")
            && arn.account().equals(call.account().digits())
            && arn.resource().matches("root|(user|role)/.{1,600}");
    if (arn == null || !known) {
      throw EcsError.INVALID_PARAMETER.because("Invalid principalArn: %s", given);
    }
    return arn;
  }

  private static AccountSetting.Key key(Call call, Arn principal, String name) {
    return new AccountSetting.Key(call.region().name(), principal.toString(), name);
  }

  static Setting put(Tx tx, Call call, Arn principal, String name, String value) {
    Kind kind = kind(name);
    if (!kind.values().contains(value)) {
      throw EcsError.INVALID_PARAMETER.because(
          "%s",
          "Invalid value '"
              + value
              + "' for the setting "
              + name
              + (kind.only() == null ? "." : ": " + kind.only() + "."));
    }
    AccountSetting.Key key = key(call, principal, name);
    if (tx.get(EcsTables.ACCOUNT_SETTINGS, call.account(), key) == null
        && tx.list(EcsTables.ACCOUNT_SETTINGS, call.account(), call.region().name()).size()
            >= MOST) {
      throw EcsError.CLIENT.because("The account has %d settings already.", MOST);
    }
    tx.put(EcsTables.ACCOUNT_SETTINGS, call.account(), key, new AccountSetting(key, value));
    return shape(principal.toString(), name, value);
  }

  static Setting delete(Tx tx, Call call, Arn principal, String name) {
    kind(name);
    AccountSetting.Key key = key(call, principal, name);
    tx.delete(EcsTables.ACCOUNT_SETTINGS, call.account(), key);
    return shape(principal.toString(), name, null);
  }

  private static Kind kind(String name) {
    Kind kind = KINDS.get(name);
    if (kind == null) {
      throw EcsError.INVALID_PARAMETER.because("Invalid setting name '%s'.", name);
    }
    return kind;
  }

  private static Setting shape(String principal, String name, @Nullable String value) {
    return Setting.builder()
        .name(name)
        .value(value)
        .principalArn(principal)
        .type("guardDutyActivate".equals(name) ? "aws_managed" : "user")
        .build();
  }

  /** What was set for a principal itself. */
  static List<Setting> own(View view, Call call, Arn principal) {
    return view
        .list(
            EcsTables.ACCOUNT_SETTINGS, call.account(), call.region().name(), principal.toString())
        .stream()
        .map(s -> shape(s.key().principal(), s.key().name(), s.value()))
        .toList();
  }

  /** What holds for a principal: its own, else everybody's, else what is so from the start. */
  static List<Setting> effective(View view, Call call, Arn principal) {
    return KINDS.entrySet().stream()
        .map(
            kind -> {
              AccountSetting own = find(view, call, principal, kind.getKey());
              AccountSetting found =
                  own == null ? find(view, call, everybody(call), kind.getKey()) : own;
              return found == null
                  ? shape(principal.toString(), kind.getKey(), kind.getValue().otherwise())
                  : shape(found.key().principal(), kind.getKey(), found.value());
            })
        .toList();
  }

  private static @Nullable AccountSetting find(View view, Call call, Arn principal, String name) {
    return view.get(EcsTables.ACCOUNT_SETTINGS, call.account(), key(call, principal, name));
  }

  /** The settings that a cluster begins with. */
  static List<Cluster.Setting> ofNewCluster(View view, Call call) {
    return effective(view, call, call.principal().identity().arn()).stream()
        .filter(s -> INSIGHTS.equals(s.name()))
        .map(s -> new Cluster.Setting(s.name(), s.value()))
        .toList();
  }
}
