// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.planted;

import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.planted.Question.Papers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Copies of the product, each in a class loader of its own; one source file may be compiled again,
 * in memory, with a fault in it.
 */
public final class Copies implements AutoCloseable {
  private static final String PRODUCT = "dev.holdfast.policy.";
  private static final Path SOURCES = Path.of("src/main/java/dev/holdfast/policy");
  private static final List<String> OPTIONS =
      List.of("-proc:none", "-implicit:none", "-nowarn", "-Xlint:none", "-g:none");

  private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

  /** One for all, so that the class path is opened once. */
  private final StandardJavaFileManager files =
      compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);

  /** The product as it is. */
  public Function<Papers, Function<Question, String>> faultless() throws IOException {
    return product(Map.of());
  }

  /** The product with one fault. */
  public Function<Papers, Function<Question, String>> with(Fault fault) throws IOException {
    String source = Files.readString(SOURCES.resolve(fault.file()));
    return product(compiled(fault, fault.plant(source)));
  }

  private Map<String, byte[]> compiled(Fault fault, String text) {
    var classes = new HashMap<String, ByteArrayOutputStream>();
    var source =
        new SimpleJavaFileObject(
            URI.create("memory:///" + fault.file()), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
          }
        };
    var said = new StringWriter();
    boolean fine =
        compiler
            .getTask(said, new Memory(files, classes), null, OPTIONS, null, List.of(source))
            .call();
    if (!fine) {
      throw new IllegalStateException(fault + " cannot be compiled: " + said);
    }
    var bytes = new HashMap<String, byte[]>();
    classes.forEach((name, out) -> bytes.put(name, out.toByteArray()));
    return bytes;
  }

  private static Function<Papers, Function<Question, String>> product(Map<String, byte[]> changed) {
    try {
      @SuppressWarnings("unchecked") // Product is one
      var made =
          (Function<Papers, Function<Question, String>>)
              new Loader(changed)
                  .loadClass(Product.class.getName())
                  .getDeclaredConstructor()
                  .newInstance();
      return made;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    files.close();
  }

  /** Keeps what the compiler writes. */
  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    Memory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
      super(files);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, @Nullable FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          var out = new ByteArrayOutputStream();
          classes.put(name, out);
          return out;
        }
      };
    }
  }

  /** Has the product's package, and {@link Product}, for itself; all else is everybody's. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> changed;

    Loader(Map<String, byte[]> changed) {
      super(Evaluator.class.getClassLoader());
      this.changed = changed;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        if (known != null) {
          return known;
        }
        return own(name) ? defined(name) : super.loadClass(name, resolve);
      }
    }

    private static boolean own(String name) {
      return name.equals(Product.class.getName())
          || (name.startsWith(PRODUCT) && name.indexOf('.', PRODUCT.length()) < 0);
    }

    private Class<?> defined(String name) throws ClassNotFoundException {
      byte[] bytes = changed.get(name);
      if (bytes == null) {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
          if (in == null) {
            throw new ClassNotFoundException(name);
          }
          bytes = in.readAllBytes();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
