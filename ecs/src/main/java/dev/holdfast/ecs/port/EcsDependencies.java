// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.port;

import dev.holdfast.service.Endpoint;
import dev.holdfast.service.Guard;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * All that ECS is given.
 *
 * @param outward where other machines reach the platform over TLS, a host and port each
 */
public record EcsDependencies(
    State state,
    Guard guard,
    Guardrails guardrails,
    PageTokens pages,
    Neighbours neighbours,
    Supplier<Endpoint> endpoint,
    SecureRandom random,
    Clocks clocks,
    Supplier<List<String>> outward) {
  /** Of a platform that no other machine reaches. */
  public EcsDependencies(
      State state,
      Guard guard,
      Guardrails guardrails,
      PageTokens pages,
      Neighbours neighbours,
      Supplier<Endpoint> endpoint,
      SecureRandom random,
      Clocks clocks) {
    this(state, guard, guardrails, pages, neighbours, endpoint, random, clocks, List::of);
  }

  /** The services below, and the machine. */
  public record Neighbours(
      Images images, Parameters parameters, Secrets secrets, Roles roles, LocalHost host) {}

  public InstantSource clock() {
    return clocks.wall();
  }

  public InstantSource settled() {
    return clocks.settled();
  }

  public LongSupplier nanos() {
    return clocks.nanos();
  }

  public Images images() {
    return neighbours.images();
  }

  public Parameters parameters() {
    return neighbours.parameters();
  }

  public Secrets secrets() {
    return neighbours.secrets();
  }

  public Roles roles() {
    return neighbours.roles();
  }

  public LocalHost host() {
    return neighbours.host();
  }
}
