// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.aws.ErrorShape;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Guardrail;
import dev.holdfast.service.Guardrails;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A service that has its tasks started. Who may have what started was decided when its revision was
 * made; guardrails judge each task anew.
 */
public final class ServiceStarter implements Starter {
  private final Service.Key service;
  private final Instant now;
  private final Guardrails guardrails;
  private final List<String> notes = new ArrayList<>();

  public ServiceStarter(Service.Key service, Instant now, Guardrails guardrails) {
    this.service = service;
    this.now = now;
    this.guardrails = guardrails;
  }

  @Override
  public AccountId account() {
    return service.account();
  }

  @Override
  public Region region() {
    return service.region();
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public @Nullable String environment() {
    return null;
  }

  @Override
  public void violated(Guardrail rule, ErrorShape error, String resource, String text) {
    guardrails.violated(
        note -> {
          if (!notes.contains(note)) {
            notes.add(note);
          }
        },
        new Guardrails.About(Set.of(resource, service.arn().toString()), Set.of()),
        rule,
        error,
        text);
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }
}
