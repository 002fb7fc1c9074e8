// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.pins;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.inject.Named;
import javax.inject.Singleton;
import org.apache.maven.eventspy.AbstractEventSpy;
import org.eclipse.aether.RepositoryEvent;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.repository.WorkspaceRepository;

/**
 * Ends Maven before it uses a file that is not the one pinned: each artifact (jar or POM, of a
 * dependency or of a plugin) that Maven resolves is compared with its SHA-256 in {@code
 * .mvn/checksums/checksums.sha256}, whether it was just fetched or lay in the local repository. The
 * file has the form of Maven's own trusted checksums, which Maven 3.9 and later can read by
 * themselves; this class does the same under every Maven 3, from 3.8 on.
 *
 * <p>Compiled and loaded by {@code lib/pins.sh}, against whichever Maven is installed. Maven only
 * logs what a listener throws, so a mismatch ends the virtual machine.
 *
 * <p>Properties: {@code holdfast.pins.file} the pins; {@code holdfast.pins.witness} a file written
 * at the end of the session with the number of files compared, so that the caller sees that this
 * class was at work; {@code holdfast.pins.record}, where given, a file to which unpinned artifacts
 * are written instead of being refused. A pinned artifact that differs is refused then too.
 */
@Named("holdfast-pins")
@Singleton
public final class Pins extends AbstractEventSpy {
  private static final int REFUSED = 78;

  private final Map<String, String> pins = new ConcurrentHashMap<>();
  private final Map<Path, String> hashed = new ConcurrentHashMap<>();
  private final AtomicInteger compared = new AtomicInteger();
  private Path witness;
  private Path record;

  @Override
  public void init(Context context) throws IOException {
    try {
      Properties given = (Properties) context.getData().get("userProperties");
      witness = Path.of(given.getProperty("holdfast.pins.witness"));
      String file = given.getProperty("holdfast.pins.file");
      for (String line : Files.readAllLines(Path.of(file), StandardCharsets.UTF_8)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] parts = line.split(" [ *]", 2);
          pins.put(parts[1], parts[0]);
        }
      }
      String recording = given.getProperty("holdfast.pins.record");
      record = recording == null ? null : Path.of(recording);
    } catch (IOException | RuntimeException e) {
      refuse("the pins cannot be read: " + e);
    }
  }

  @Override
  public void onEvent(Object event) {
    if (event instanceof RepositoryEvent) {
      RepositoryEvent resolved = (RepositoryEvent) event;
      if (resolved.getType() == RepositoryEvent.EventType.ARTIFACT_RESOLVED
          && resolved.getFile() != null
          && !(resolved.getRepository() instanceof WorkspaceRepository)) { // a module of this build
        compare(resolved.getArtifact(), resolved.getFile().toPath().toAbsolutePath());
      }
    }
  }

  @Override
  public void close() throws IOException {
    Files.writeString(witness, compared + "\n");
  }

  private void compare(Artifact artifact, Path file) {
    String path = path(artifact);
    String found = hashed.computeIfAbsent(file, Pins::sha256);
    String pinned = pins.get(path);
    compared.incrementAndGet();
    if (pinned == null && record != null) {
      record(path, found);
    } else if (pinned == null) {
      refuse(path + " is not pinned (" + file + "). If it belongs to the build: ./holdfast pins");
    } else if (!pinned.equals(found)) {
      refuse(
          path + " is not the file that was pinned: its SHA-256 is " + found + ", pinned is " + pinned
              + " (" + file + "). Somebody changed it, or it was damaged: remove it and find out.");
    }
  }

  private synchronized void record(String path, String hash) {
    if (pins.put(path, hash) == null) {
      try {
        Files.writeString(
            record, hash + "  " + path + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        refuse("cannot record: " + e);
      }
    }
  }

  /** The path that an artifact has in every Maven repository. */
  private static String path(Artifact artifact) {
    return artifact.getGroupId().replace('.', '/')
        + "/" + artifact.getArtifactId()
        + "/" + artifact.getBaseVersion()
        + "/" + artifact.getArtifactId() + "-" + artifact.getVersion()
        + (artifact.getClassifier().isEmpty() ? "" : "-" + artifact.getClassifier())
        + "." + artifact.getExtension();
  }

  private static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      StringBuilder text = new StringBuilder(64);
      for (byte b : digest.digest()) {
        text.append(String.format("%02x", b));
      }
      return text.toString();
    } catch (IOException | NoSuchAlgorithmException e) {
      refuse("cannot hash " + file + ": " + e);
      throw new IllegalStateException(e);
    }
  }

  private static void refuse(String why) {
    System.out.println("[ERROR] holdfast pins: " + why);
    System.out.flush();
    Runtime.getRuntime().halt(REFUSED);
  }
}
