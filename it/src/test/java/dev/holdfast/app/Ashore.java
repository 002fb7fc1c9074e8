// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.cli.CheckOptions;
import dev.holdfast.app.cli.CheckReport;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.FailStopDisk;
import dev.holdfast.service.Finding;
import dev.holdfast.service.Profile;
import dev.holdfast.store.rocksdb.RocksStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** The real platform in this process over a real data directory, without the agent. */
public final class Ashore implements AutoCloseable {
  private final Foundation foundation;
  private final Platform platform;

  private Ashore(Foundation foundation, Platform platform) {
    this.foundation = foundation;
    this.platform = platform;
  }

  /** A refusal to start; its text is what the operator reads. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String text) {
      super(text);
    }
  }

  /** Starts as the server does. */
  public static Ashore start(Path dir) throws IOException, Refused {
    return start(dir, Foundation.Ground.local(), _ -> {});
  }

  /**
   * As the server does, on a given disk.
   *
   * @param broken told why the server would end
   */
  public static Ashore start(Path dir, Disk disk, Consumer<String> broken)
      throws IOException, Refused {
    return start(dir, new Foundation.Ground(new FailStopDisk(disk)), broken);
  }

  /** As the server does where the state is so large that a start does not read all of it. */
  public static Ashore startOfALargeState(Path dir) throws IOException, Refused {
    return start(dir, new Foundation.Ground(new FailStopDisk(Disk.local()), 0), _ -> {});
  }

  private static Ashore start(Path dir, Foundation.Ground ground, Consumer<String> broken)
      throws IOException, Refused {
    var random = new SecureRandom();
    Disk.local().makeDirectories(dir);
    try {
      Installation installation = Installation.open(dir, Profile.DEV, null, random, ground.disk());
      Foundation foundation =
          Foundation.open(
              dir,
              installation,
              random,
              InstantSource.system(),
              reason -> broken.accept(String.valueOf(reason.getMessage())),
              ground);
      try {
        installation.confirm(foundation.state());
        var settings = new Platform.Settings(dir, InetAddress.getLoopbackAddress(), 0);
        return new Ashore(foundation, Platform.start(foundation, installation, settings));
      } catch (RuntimeException | IOException e) {
        foundation.close();
        throw e;
      }
    } catch (Refusal e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
  }

  /** What {@code ./holdfast fsck} says. */
  public static CheckReport check(Path dir, CheckOptions.Mode mode) throws IOException {
    return DirectoryCheck.run(
        new CheckOptions(dir, null, mode), new SecureRandom(), InstantSource.system());
  }

  /** The damages that {@code ./holdfast fsck} finds, in words. */
  public static List<String> damages(Path dir) throws IOException {
    return check(dir, CheckOptions.Mode.LOOK).findings().stream()
        .filter(Finding::isDamage)
        .map(Finding::text)
        .toList();
  }

  /** Writes the state's memory into table files, as time does. */
  public static void settle(Path dir) {
    RocksStore.openExisting(dir.resolve("state")).close();
  }

  public URI url() {
    return URI.create(platform.endpoint().url());
  }

  /** A fresh account: its id and its administrator's credentials. */
  public record Account(AccountId id, Credentials administrator) {}

  public Account account() {
    var made = platform.iam().accounts().create();
    return new Account(made.account(), made.credentials());
  }

  /** What {@code ./holdfast status} warns of. */
  public List<String> warnings() {
    return platform.warnings();
  }

  /** Does every recurring chore now. */
  public void tidy() {
    platform.tidy();
  }

  /** One pass of the scrub, at once. */
  public void scrub() throws IOException {
    platform.scrub();
  }

  @Override
  public void close() {
    platform.close();
    foundation.close();
  }
}
