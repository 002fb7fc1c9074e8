// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.agent.engine.RunningCommand;
import dev.holdfast.agent.task.ContainerState;
import dev.holdfast.agent.task.TaskRunner;
import dev.holdfast.aws.agent.ExecEndMessage;
import dev.holdfast.aws.agent.ExecOutputMessage;
import dev.holdfast.aws.agent.HostExecuteCommandMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One command that the platform has run in a container of ours, connected to it by a stream of its
 * own. It ends with the stream, and waits for a client that takes its output slowly.
 */
final class ExecStream {
  private static final Logger LOG = Logger.getLogger(ExecStream.class.getName());

  /** The platform ends a session earlier that says nothing for so long. */
  static final Duration SILENCE = Duration.ofMinutes(25);

  private static final Semaphore PLACES = new Semaphore(64);

  private final PlatformLink link;
  private final String region;
  private final HostExecuteCommandMessage wanted;

  private ExecStream(PlatformLink link, String region, HostExecuteCommandMessage wanted) {
    this.link = link;
    this.region = region;
    this.wanted = wanted;
  }

  /** Runs it on a thread of its own. */
  static void start(PlatformLink link, String region, HostExecuteCommandMessage wanted) {
    if (!PLACES.tryAcquire()) {
      LOG.log(Level.WARNING, "too many commands run here: {0} is not started", wanted.sessionId());
      return;
    }
    Thread.ofVirtual()
        .name("exec")
        .start(
            () -> {
              try {
                new ExecStream(link, region, wanted).run();
              } finally {
                PLACES.release();
              }
            });
  }

  private void run() {
    var query =
        Map.of("sessionId", wanted.sessionId(), "window", String.valueOf(CommandInput.WINDOW));
    try (PlatformSocket socket =
        PlatformSocket.connect(
            link.http(), link.uri("/acs/exec", query), link.identity(), region)) {
      String container = container();
      if (container == null) {
        socket.send(new ExecEndMessage(null, "The container is not running on this host."));
        return;
      }
      try (RunningCommand command =
          link.commands().start(container, wanted.command(), wanted.terminal())) {
        try (var input = CommandInput.start(socket, command)) {
          show(socket, command);
          socket.send(new ExecEndMessage(command.exitCode(), null), SILENCE);
          input.awaitEnd();
        }
      } catch (dev.holdfast.agent.engine.EngineException e) {
        socket.send(new ExecEndMessage(null, "The command did not start: " + e.getMessage()));
      }
    } catch (IOException e) {
      LOG.log(Level.INFO, "a command ended: {0}", e.getMessage());
    }
  }

  /** The engine's id of the container, or null where it does not run. */
  private @org.jspecify.annotations.Nullable String container() {
    TaskRunner runner = link.tasks().find(wanted.taskArn());
    if (runner == null || runner.stopWanted() || wanted.containerName() == null) {
      return null;
    }
    boolean known =
        runner.task().containers().stream().anyMatch(c -> c.name().equals(wanted.containerName()));
    if (!known) {
      return null;
    }
    ContainerState state = runner.state().container(wanted.containerName());
    return state.is(ContainerState.Phase.RUNNING) ? state.runtimeId() : null;
  }

  private static void show(PlatformSocket socket, RunningCommand command) throws IOException {
    for (Optional<RunningCommand.Piece> next = command.read();
        next.isPresent();
        next = command.read()) {
      RunningCommand.Piece piece = next.get();
      if (piece.bytes().length > 0) {
        socket.send(new ExecOutputMessage(piece.bytes(), piece.error()), SILENCE);
      }
    }
  }
}
