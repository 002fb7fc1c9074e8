// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.store.Commit;
import dev.holdfast.store.Key;
import dev.holdfast.store.Revision;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * A process that commits on many threads until it is killed, and tells of each acknowledged commit
 * in a line {@code round writer number revision}.
 */
final class CrashWriter {
  static final int WRITERS = 24;

  private CrashWriter() {}

  public static void main(String[] arguments) throws InterruptedException {
    var store = RocksStore.open(Path.of(arguments[0]));
    String round = arguments[1];
    PrintStream out = System.out;
    for (int w = 0; w < WRITERS; w++) {
      int writer = w;
      Thread.ofVirtual().start(() -> write(store, round + " " + writer, out));
    }
    new CountDownLatch(1).await();
  }

  private static void write(RocksStore store, String name, PrintStream out) {
    for (int number = 0; ; number++) {
      byte[] value = value(number);
      Map<Key, byte[]> both = Map.of(left(name, number), value, right(name, number), value);
      Revision revision = store.commit(new Commit(List.of(), both, Set.of()));
      out.println(name + " " + number + " " + revision.number());
    }
  }

  static byte[] value(int number) {
    return ByteBuffer.allocate(200).putInt(number).array();
  }

  static Key left(String name, int number) {
    return Key.of("left " + name + " " + number);
  }

  static Key right(String name, int number) {
    return Key.of("right " + name + " " + number);
  }
}
