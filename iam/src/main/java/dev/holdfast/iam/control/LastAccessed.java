// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.iam.EntityDetails;
import dev.holdfast.aws.iam.EntityInfo;
import dev.holdfast.aws.iam.ServiceLastAccessed;
import dev.holdfast.aws.iam.TrackedActionLastAccessed;
import dev.holdfast.iam.control.AccessJobs.Subject;
import dev.holdfast.iam.control.KnownServices.Known;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.ServiceUse;
import dev.holdfast.iam.model.ServiceUse.ActionUse;
import dev.holdfast.kit.AccountId;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tells, of what may be used, what was. */
public record LastAccessed(ServiceUses uses) {

  /** A use and whose it was. */
  private record Used(Entity by, ActionUse use) {}

  /** The services that the subject's policies allow anything of. */
  public List<ServiceLastAccessed> services(
      View view, AccountId account, Subject subject, boolean byAction) {
    var used = new LinkedHashMap<Entity, Map<String, ServiceUse>>();
    subject.entities().forEach(e -> used.put(e, uses.of(view, account, e.id())));
    return KnownServices.ALL.stream()
        .filter(s -> subject.allowed().stream().anyMatch(d -> d.allowsService(s.prefix())))
        .map(service -> service(account, subject, service, used, byAction))
        .toList();
  }

  private static ServiceLastAccessed service(
      AccountId account,
      Subject subject,
      Known service,
      Map<Entity, Map<String, ServiceUse>> used,
      boolean byAction) {
    var here = new LinkedHashMap<Entity, ServiceUse>();
    used.forEach(
        (entity, each) -> {
          ServiceUse use = each.get(service.prefix());
          if (use != null) {
            here.put(entity, use);
          }
        });
    Used last = null;
    for (Map.Entry<Entity, ServiceUse> each : here.entrySet()) {
      last = later(last, new Used(each.getKey(), each.getValue().last()));
    }
    var shape =
        ServiceLastAccessed.builder()
            .serviceName(service.title())
            .serviceNamespace(service.prefix())
            .totalAuthenticatedEntities(here.size());
    if (last != null) {
      shape
          .lastAuthenticated(last.use().at())
          .lastAuthenticatedEntity(last.by().arn(account).toString())
          .lastAuthenticatedRegion(last.use().region());
    }
    if (byAction) {
      shape.trackedActionsLastAccessed(actions(account, subject, service, here));
    }
    return shape.build();
  }

  private static Used later(@Nullable Used one, Used other) {
    return one == null || other.use().at().isAfter(one.use().at()) ? other : one;
  }

  /** The operations that are allowed, and whatever else of it was asked for. */
  private static List<TrackedActionLastAccessed> actions(
      AccountId account, Subject subject, Known service, Map<Entity, ServiceUse> here) {
    var names = new TreeSet<String>();
    service.model().allOperations().stream()
        .filter(
            name ->
                subject.allowed().stream()
                    .anyMatch(d -> d.allowsSomewhere(service.prefix() + ":" + name)))
        .forEach(names::add);
    here.values().forEach(use -> names.addAll(use.actions().keySet()));
    var shapes = new ArrayList<TrackedActionLastAccessed>();
    for (String name : names) {
      Used last = null;
      for (Map.Entry<Entity, ServiceUse> each : here.entrySet()) {
        ActionUse use = each.getValue().actions().get(name);
        last = use == null ? last : later(last, new Used(each.getKey(), use));
      }
      var shape = TrackedActionLastAccessed.builder().actionName(name);
      if (last != null) {
        shape
            .lastAccessedEntity(last.by().arn(account).toString())
            .lastAccessedTime(last.use().at())
            .lastAccessedRegion(last.use().region());
      }
      shapes.add(shape.build());
    }
    return shapes;
  }

  /** Those who could use a service, and when each last did; by name. */
  public List<EntityDetails> entities(
      View view, AccountId account, Subject subject, String prefix) {
    return subject.entities().stream()
        .sorted(Comparator.comparing(LastAccessed::place))
        .map(entity -> details(account, entity, uses.of(view, account, entity.id()).get(prefix)))
        .toList();
  }

  private static EntityDetails details(AccountId account, Entity entity, @Nullable ServiceUse use) {
    var info =
        EntityInfo.builder()
            .arn(entity.arn(account).toString())
            .name(entity.name())
            .type(entity.kind().word().toUpperCase(Locale.ROOT))
            .id(entity.id())
            .path(entity.path())
            .build();
    return EntityDetails.builder()
        .entityInfo(info)
        .lastAuthenticated(use == null ? null : use.last().at())
        .build();
  }

  private static String place(Entity entity) {
    return (entity.kind() == EntityKind.ROLE ? "role/" : "user/") + entity.name();
  }
}
