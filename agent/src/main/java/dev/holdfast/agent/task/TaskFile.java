// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.kit.disk.DiskBroken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The file of one task: what rests on it waits until it is on disk, what does not is written soon,
 * and only the newest of it. Calls come in the order of what they say.
 */
final class TaskFile {
  private static final Logger LOG = Logger.getLogger(TaskFile.class.getName());

  private final TaskFiles files;
  private final String taskArn;

  /** Held while the file is written or deleted; guards {@code gone}. */
  private final ReentrantLock writing = new ReentrantLock();

  private final AtomicReference<TaskFiles.@Nullable Entry> waiting = new AtomicReference<>();
  private boolean gone;

  TaskFile(TaskFiles files, String taskArn) {
    this.files = files;
    this.taskArn = taskArn;
  }

  /**
   * Has it on disk when this returns, as far as the disk takes it: else the task goes on, and a
   * restarted agent finds its containers by their names.
   *
   * @throws UncheckedIOException where the disk is broken: the agent ends, and takes no step and
   *     acknowledges no message that rests on this
   */
  void now(TaskFiles.Entry entry) {
    writing.lock();
    try {
      waiting.set(null);
      write(entry);
    } finally {
      writing.unlock();
    }
  }

  /** Writes it soon, unless something newer comes before. */
  void soon(TaskFiles.Entry entry) {
    if (waiting.getAndSet(entry) == null) {
      Thread.ofVirtual().name("task-file").start(this::writeWaiting);
    }
  }

  private void writeWaiting() {
    writing.lock();
    try {
      TaskFiles.Entry newest = waiting.getAndSet(null);
      if (newest != null) {
        write(newest);
      }
    } finally {
      writing.unlock();
    }
  }

  private void write(TaskFiles.Entry entry) {
    if (gone) {
      return;
    }
    try {
      files.save(entry);
    } catch (DiskBroken e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      LOG.log(Level.SEVERE, "state of {0} not saved: {1}", new Object[] {taskArn, e});
    }
  }

  /** Takes it away for good: nothing that comes later brings it back. */
  void delete() throws IOException {
    writing.lock();
    try {
      files.delete(taskArn);
      gone = true;
    } finally {
      writing.unlock();
    }
  }
}
