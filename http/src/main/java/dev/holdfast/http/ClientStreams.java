// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;

/** A request's body and an answer's, while the client's pace is watched. */
final class ClientStreams {
  private ClientStreams() {}

  /** Reads a body; what is no body, such as a malformed chunk, is the client's fault. */
  static final class Body extends FilterInputStream {
    private final @Nullable Visit visit;

    Body(InputStream in, @Nullable Visit visit) {
      super(in);
      this.visit = visit;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (visit != null) {
        visit.await();
      }
      int read = -1;
      try {
        read = in.read(bytes, offset, length);
        return read;
      } catch (HttpException.RuntimeException e) {
        throw new IOException("the body is malformed", e);
      } finally {
        if (visit != null) {
          visit.moved(Math.max(0, read));
        }
      }
    }
  }

  /** Writes an answer. */
  static final class Answer extends FilterOutputStream {
    private final @Nullable Visit visit;

    Answer(OutputStream out, @Nullable Visit visit) {
      super(out);
      this.visit = visit;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (visit == null) {
        out.write(bytes, offset, length);
        return;
      }
      visit.await();
      try {
        out.write(bytes, offset, length);
      } finally {
        visit.moved(length);
      }
    }

    @Override
    public void flush() throws IOException {
      if (visit == null) {
        out.flush();
        return;
      }
      visit.await();
      try {
        out.flush();
      } finally {
        visit.moved(0);
      }
    }

    @Override
    public void close() throws IOException {
      if (visit == null) {
        out.close();
        return;
      }
      visit.await();
      try {
        out.close();
      } finally {
        visit.moved(0);
      }
    }
  }
}
