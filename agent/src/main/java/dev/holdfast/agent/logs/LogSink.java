// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import dev.holdfast.aws.agent.RoleCredentials;
import java.io.IOException;
import java.util.List;

/** Where events go: the platform's CloudWatch Logs, as a task's execution role. */
public interface LogSink {

  /** An answer that is an error, with AWS's code. */
  final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    private final String code;

    public Refused(String code, String text) {
      super(code + ": " + text);
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  /** A stream, by what a role calls it. */
  record Stream(String region, String group, String name) {}

  void createGroup(RoleCredentials role, Stream stream) throws IOException;

  void createStream(RoleCredentials role, Stream stream) throws IOException;

  /**
   * Adds events.
   *
   * @param once names the batch, which is kept once however often it is sent
   */
  void put(RoleCredentials role, Stream stream, List<LogBatch.Event> events, String once)
      throws IOException;
}
