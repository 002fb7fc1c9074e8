// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.DiskFile;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.registry.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Uploads, reads and deletions on a recorded disk, one inside another as threads would be, but in
 * the same order each time; now and then the process dies and another one opens the store.
 */
final class Quay {
  /** A blob was acknowledged to whoever brought it, or found by whoever asked for it. */
  record There(Digest digest) {}

  /** A blob is to be deleted, or is being brought again after that: it may be there or not. */
  record Open(Digest digest) {}

  private static final int FOLDERS = 3;
  private static final int DEEPEST = 3;

  private final Path root;
  private final RecordingDisk recorded;
  private final SplittableRandom random;
  private final List<Upload> uploads = new ArrayList<>();
  private final List<byte[]> cargo = new ArrayList<>();
  private BlobStore store;
  private int depth;

  private static final class Upload {
    final BlobStore.Ingest ingest;
    final byte[] content;
    int sent;

    Upload(BlobStore.Ingest ingest, byte[] content) {
      this.ingest = ingest;
      this.content = content;
    }
  }

  Quay(Path root, long seed) throws IOException {
    this.root = root;
    this.recorded = new RecordingDisk(root);
    this.random = new SplittableRandom(seed);
    for (int i = 0; i < 24; i++) {
      cargo.add(content(i == 0 ? 0 : random.nextInt(9_000)));
    }
    this.store = FileBlobStore.open(root.resolve("blobs"), new Busy());
  }

  /** Content that lies in one of a few folders, so that uploads meet there. */
  private byte[] content(int size) {
    byte[] content = new byte[size];
    do {
      random.nextBytes(content);
    } while (size > 0 && Integer.parseInt(Digest.of(content).hex().substring(0, 2), 16) >= FOLDERS);
    return content;
  }

  RecordingDisk play(int acts) throws IOException {
    for (int i = 0; i < acts; i++) {
      try {
        if (random.nextInt(25) == 0) {
          recorded.killAfter(random.nextInt(12));
        }
        act();
      } catch (RecordingDisk.Killed _) {
        depth = 0;
        uploads.clear();
        recorded.revive();
        open();
      }
    }
    return recorded;
  }

  private void open() throws IOException {
    store = FileBlobStore.open(root.resolve("blobs"), new Busy());
  }

  private void act() throws IOException {
    depth++;
    int what = random.nextInt(20);
    if (what < 4 || uploads.isEmpty()) {
      if (uploads.size() < 4) {
        uploads.add(new Upload(store.ingest(), cargo.get(random.nextInt(cargo.size()))));
      }
    } else if (what < 16) {
      Upload upload = uploads.remove(random.nextInt(uploads.size()));
      go(upload, what);
    } else if (what < 19) {
      ask(Digest.of(cargo.get(random.nextInt(cargo.size()))));
    } else {
      Digest digest = Digest.of(cargo.get(random.nextInt(cargo.size())));
      recorded.promise(new Open(digest));
      store.delete(digest, Instant.MAX);
    }
    depth--;
  }

  private void go(Upload upload, int what) throws IOException {
    Digest digest = Digest.of(upload.content);
    if (upload.sent < upload.content.length) {
      int more = Math.min(1 + random.nextInt(4_000), upload.content.length - upload.sent);
      upload.ingest.append(new ByteArrayInputStream(upload.content, upload.sent, more));
      upload.sent += more;
      uploads.add(upload);
    } else if (what == 4) {
      upload.ingest.close();
    } else if (what == 5) {
      upload.ingest.publish(Digest.of(new byte[] {1}));
    } else if (upload.ingest.publish(digest)) {
      recorded.promise(new There(digest));
    }
  }

  private void ask(Digest digest) throws IOException {
    var blob = store.open(digest);
    if (blob.isPresent()) {
      blob.get().close();
      recorded.promise(new There(digest));
    }
  }

  /** Lets something else happen before each step. */
  private final class Busy implements Disk {
    private void meanwhile() throws IOException {
      if (depth > 0 && depth < DEEPEST && random.nextInt(4) == 0) {
        act();
      }
    }

    @Override
    public DiskFile create(Path file) throws IOException {
      return recorded.create(file);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
      return recorded.open(file);
    }

    @Override
    public FileChannel read(Path file) throws IOException {
      return recorded.read(file);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
      meanwhile();
      recorded.move(from, to);
      meanwhile();
    }

    @Override
    public void delete(Path path) throws IOException {
      recorded.delete(path);
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
      meanwhile();
      recorded.makeDirectory(directory);
      meanwhile();
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
      meanwhile();
      recorded.syncDirectory(directory);
      meanwhile();
    }
  }
}
