// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

import dev.holdfast.kit.AccountId;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.State;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * The installation as its hosts see it.
 *
 * @param account whose audit keeps what hosts and their operator do
 * @param installation its id
 * @param region that hosts sign in where nothing names another
 * @param registry what the names of the platform's own images begin with
 */
public record Context(
    Ground ground,
    AuditLog log,
    AccountId account,
    String installation,
    String region,
    Supplier<String> registry) {

  /** State, chance and time. */
  public record Ground(State state, SecureRandom random, InstantSource clock) {}

  SecureRandom random() {
    return ground.random();
  }

  HostCalls calls() {
    return new HostCalls(log, account, ground.random(), ground.clock());
  }

  Invitations invitations() {
    return new Invitations(ground.state(), ground.random());
  }
}
