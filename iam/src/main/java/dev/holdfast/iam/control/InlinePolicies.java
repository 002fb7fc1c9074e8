// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Grants;
import dev.holdfast.service.Call;
import dev.holdfast.service.PageTokens.Page;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Inline policies: the same for users, groups and roles. */
public record InlinePolicies(IamState iam) {

  /** The text of a policy. */
  public String get(Call call, EntityKind kind, String name, String policy) {
    return iam.state()
        .read(
            view -> {
              Entity entity = Directory.entity(view, call.account(), kind, name);
              String text = entity.grants().inline().get(policy);
              if (text == null) {
                throw missing(kind, policy);
              }
              return text;
            });
  }

  public Empty put(Call call, EntityKind kind, String name, String policy, String text) {
    PolicyTexts.parse(text);
    return iam.state()
        .commit(
            call,
            tx -> {
              Entity entity = LinkedRoles.changeable(IamState.judged(tx, call, kind, name));
              Entity changed = entity.with(entity.grants().withInline(policy, text));
              requireSize(changed);
              IamState.put(tx, call, changed);
              return new Empty();
            });
  }

  private static void requireSize(Entity entity) {
    long size = entity.grants().inline().values().stream().mapToLong(InlinePolicies::size).sum();
    EntityKind kind = entity.kind();
    if (size > kind.inlineSize()) {
      throw IamError.LIMIT_EXCEEDED.because(
          "Maximum policy size of %d bytes exceeded for %s %s",
          kind.inlineSize(), kind.word(), entity.name());
    }
  }

  /** The characters that count against the quota. */
  private static long size(String text) {
    return text.chars().filter(c -> !Character.isWhitespace(c)).count();
  }

  public Empty delete(Call call, EntityKind kind, String name, String policy) {
    return iam.state()
        .commit(
            call,
            tx -> {
              Entity entity = LinkedRoles.changeable(IamState.judged(tx, call, kind, name));
              Grants grants = entity.grants();
              if (!grants.inline().containsKey(policy)) {
                throw missing(kind, policy);
              }
              IamState.put(tx, call, entity.with(grants.withoutInline(policy)));
              return new Empty();
            });
  }

  public Page<String> list(
      Call call,
      EntityKind kind,
      String name,
      @Nullable String marker,
      @Nullable Integer maxItems) {
    List<String> names =
        iam.state()
            .read(
                view ->
                    List.copyOf(
                        Directory.entity(view, call.account(), kind, name)
                            .grants()
                            .inline()
                            .keySet()));
    String operation = "inline " + kind.word() + " " + name;
    return iam.page(call, operation, names, Function.identity(), marker, maxItems);
  }

  private static RuntimeException missing(EntityKind kind, String policy) {
    return IamError.NO_SUCH_ENTITY.because(
        "The %s policy with name %s cannot be found.", kind.word(), policy);
  }
}
