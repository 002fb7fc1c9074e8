// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.agent.task.Tasks;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.function.Consumer;

/** All streams of one agent to its platform; they stay open, with back-off, until it is closed. */
public final class AgentLink implements AutoCloseable {
  private final HostStream host;

  /**
   * Makes the link; nothing is opened yet.
   *
   * @param endpoint the platform's base URL
   * @param region whose name signs the host's own stream
   * @param engine what runs commands in containers
   * @param status told why the platform cannot use this host; empty where it can
   */
  public AgentLink(
      HttpClient http,
      URI endpoint,
      HostIdentity identity,
      String region,
      Tasks tasks,
      DockerEngine engine,
      Consumer<String> status) {
    String text = endpoint.toString();
    URI base = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    host =
        new HostStream(
            new PlatformLink(
                http,
                base,
                identity,
                tasks,
                engine.commands(),
                engine.containers(),
                "holdfast-0.1",
                engine.release(),
                status),
            region);
  }

  public void start() {
    host.start();
  }

  /** Says that the health of a container of that task may have changed. */
  public void healthChanged(String taskArn) {
    host.healthChanged(taskArn);
  }

  @Override
  public void close() {
    host.close();
  }
}
