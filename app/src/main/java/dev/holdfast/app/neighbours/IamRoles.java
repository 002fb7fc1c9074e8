// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.neighbours;

import dev.holdfast.aws.ApiError;
import dev.holdfast.ecs.port.Roles;
import dev.holdfast.iam.control.Sessions;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Roles and their sessions as ECS needs them. */
public record IamRoles(Sessions sessions) implements Roles {
  private static final String TASKS = "ecs-tasks.amazonaws.com";

  @Override
  public Optional<Role> find(View view, Arn role, Arn source) {
    return Sessions.role(view, role.toString())
        .map(
            facts ->
                new Role(
                    role, facts.tags(), sessions.trusts(view, role.toString(), TASKS, source)));
  }

  @Override
  public Optional<Drawn> draw(Wanted wanted, Arn source, Instant now) {
    var tags = new LinkedHashMap<>(wanted.tags());
    tags.put(Sessions.TASK_TAG, source.toString());
    try {
      var issued =
          sessions.drawForService(
              new Sessions.ForService(
                  wanted.role().toString(),
                  TASKS,
                  wanted.name(),
                  tags,
                  wanted.policy(),
                  wanted.life(),
                  source));
      var session =
          new Session(
              issued.id(),
              issued.credentials().accessKeyId(),
              issued.credentials().secretAccessKey(),
              String.valueOf(issued.credentials().sessionToken()),
              issued.expires());
      return Optional.of(new Drawn(session, tx -> Sessions.keep(tx, issued)));
    } catch (ApiError _) {
      return Optional.empty();
    }
  }

  @Override
  public void end(Tx tx, Arn role, Collection<String> sessionIds, Instant now) {
    AccountId account = new AccountId(role.account());
    sessionIds.forEach(id -> Sessions.end(tx, account, id, now));
  }
}
