// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.agent.engine.RunningCommand;
import dev.holdfast.aws.agent.ExecInputMessage;
import dev.holdfast.aws.agent.ExecResizeMessage;
import dev.holdfast.aws.agent.ExecTakenMessage;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What a client types, on its way into a command. One thread hears it and another writes it, so
 * that the end of the stream is heard while the command reads nothing. The platform sends no more
 * than {@link #WINDOW} ahead of what was written.
 */
final class CommandInput implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(CommandInput.class.getName());

  /** So many bytes wait for the command at once, and one message more. */
  static final int WINDOW = 64 * 1024;

  private final PlatformSocket socket;
  private final RunningCommand command;
  private final BlockingQueue<ExecInputMessage> waiting = new LinkedBlockingQueue<>();
  private final Thread hearing;
  private final Thread writing;

  private CommandInput(PlatformSocket socket, RunningCommand command) {
    this.socket = socket;
    this.command = command;
    this.hearing = Thread.ofVirtual().name("exec-input").unstarted(this::hear);
    this.writing = Thread.ofVirtual().name("exec-write").unstarted(this::write);
  }

  static CommandInput start(PlatformSocket socket, RunningCommand command) {
    var input = new CommandInput(socket, command);
    input.hearing.start();
    input.writing.start();
    return input;
  }

  /** Whatever ends the stream ends the command. */
  private void hear() {
    try {
      while (true) {
        switch (socket.receive(ExecStream.SILENCE)) {
          case ExecInputMessage typed -> waiting.add(typed);
          case ExecResizeMessage(var columns, var rows) -> command.resize(columns, rows);
          default -> {}
        }
      }
    } catch (IOException _) {
      writing.interrupt();
      try {
        command.close();
      } catch (IOException e) {
        LOG.log(Level.INFO, "a command did not end: {0}", e.getMessage());
      }
    }
  }

  /** A command that takes no more input may still say something. */
  private void write() {
    int taken = 0;
    try {
      while (true) {
        byte[] data = waiting.take().data();
        if (data.length == 0) {
          command.endInput();
        } else {
          command.write(data);
          taken += data.length;
          if (waiting.isEmpty() || taken >= WINDOW / 4) {
            // As patient as its output is: both wait for the same reader.
            socket.send(new ExecTakenMessage(taken), ExecStream.SILENCE);
            taken = 0;
          }
        }
      }
    } catch (IOException e) {
      LOG.log(Level.FINE, "a command takes no input: {0}", e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until the platform has ended the stream: it reads as slowly as its client does, and what
   * it had not read of a socket that is closed here could be lost.
   */
  void awaitEnd() {
    try {
      var _ = hearing.join(ExecStream.SILENCE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends both threads; nobody waits for them. */
  @Override
  public void close() {
    hearing.interrupt();
    writing.interrupt();
  }
}
