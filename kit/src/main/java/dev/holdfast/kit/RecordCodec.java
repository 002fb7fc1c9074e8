// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Records to JSON and back, for state, OCI documents, engine and agent messages.
 *
 * <p>Components may be text, numbers, booleans, byte arrays (base64), {@link java.time.Instant},
 * {@link java.time.Duration}, enums, {@link Text} records, {@link JsonValue}, other records, sealed
 * interfaces of records (a member {@code type} names the record), and lists, sets and string-keyed
 * maps of these. A null component is left out; an absent list, set or map reads as empty, an absent
 * primitive as zero. Unknown members are ignored, so a component may be added at any time.
 */
public final class RecordCodec<T> {
  private static final Map<Class<?>, RecordCodec<?>> CODECS = new ConcurrentHashMap<>();

  private static final int FEWEST_BYTES = 256;
  private static final int MOST_BYTES = 16 * 1024;

  private final Class<T> type;
  private final CodecNode node;

  /** How much room to begin with: what the last one took. A guess: threads need not agree on it. */
  private int room = FEWEST_BYTES;

  private RecordCodec(Class<T> type, CodecNode node) {
    this.type = type;
    this.node = node;
  }

  /** The codec of a record or of a sealed interface of records. */
  @SuppressWarnings("unchecked")
  public static <T> RecordCodec<T> of(Class<T> type) {
    RecordCodec<?> known = CODECS.get(type);
    if (known == null) {
      known = new RecordCodec<>(type, node(type));
      CODECS.put(type, known);
    }
    return (RecordCodec<T>) known;
  }

  public byte[] bytes(T value) {
    var out = new ByteArrayOutputStream(room);
    try (JsonGenerator generator = Json.generator(out)) {
      node.write(generator, value);
    }
    byte[] written = out.toByteArray();
    room = Math.clamp(written.length + written.length / 16, FEWEST_BYTES, MOST_BYTES);
    return written;
  }

  /** What {@link #bytes} writes, as a tree. */
  public JsonValue tree(T value) {
    return Json.parseOwn(bytes(value));
  }

  /**
   * Reads a value.
   *
   * @throws Json.MalformedJson where the bytes are no such value
   */
  public T read(byte[] bytes) {
    return read(Json.parseOwn(bytes));
  }

  /**
   * Reads a value from a tree.
   *
   * @throws Json.MalformedJson where it is no such value, or lacks what its record cannot do
   *     without
   */
  public T read(JsonValue value) {
    try {
      return type.cast(node.read(value));
    } catch (ClassCastException
        | IllegalArgumentException
        | ArithmeticException
        | NullPointerException
        | java.time.DateTimeException e) {
      throw new Json.MalformedJson("not a " + type.getSimpleName());
    }
  }

  private static CodecNode node(Type type) {
    if (type instanceof ParameterizedType generic) {
      Class<?> raw = (Class<?>) generic.getRawType();
      Type[] arguments = generic.getActualTypeArguments();
      Type last = arguments[arguments.length - 1];
      if (raw == List.class) {
        return new ListNode(lazy(last));
      }
      if (raw == Set.class) {
        return new SetNode(lazy(last));
      }
      if (raw == Map.class && arguments[0] == String.class) {
        return new MapNode(lazy(last));
      }
    }
    if (type instanceof Class<?> c) {
      CodecNode scalar = CodecScalar.of(c);
      if (scalar != null) {
        return scalar;
      }
      if (Text.class.isAssignableFrom(c) && c.isRecord()) {
        return new TextNode(c);
      }
      if (c.isRecord()) {
        return new RecordNode(c);
      }
      if (c.isSealed()) {
        return new SealedNode(c);
      }
    }
    throw new IllegalArgumentException("no codec for " + type);
  }

  /** Builds the node at first use, so that records may contain themselves. */
  private static CodecNode lazy(Type type) {
    return new CodecNode() {
      private @Nullable CodecNode real;

      private CodecNode real() {
        CodecNode known = real;
        if (known == null) {
          known = node(type);
          real = known;
        }
        return known;
      }

      @Override
      public void write(JsonGenerator out, Object value) {
        real().write(out, value);
      }

      @Override
      public Object read(JsonValue value) {
        return real().read(value);
      }

      @Override
      public @Nullable Object absent() {
        return real().absent();
      }
    };
  }

  private record ListNode(CodecNode item) implements CodecNode {
    @Override
    public void write(JsonGenerator out, Object value) {
      out.writeStartArray();
      ((List<?>) value).forEach(v -> item.write(out, v));
      out.writeEndArray();
    }

    @Override
    public Object read(JsonValue value) {
      var items = new ArrayList<Object>();
      ((JsonArray) value).items().forEach(v -> items.add(item.read(v)));
      return List.copyOf(items);
    }

    @Override
    public Object absent() {
      return List.of();
    }
  }

  private record SetNode(CodecNode item) implements CodecNode {
    @Override
    public void write(JsonGenerator out, Object value) {
      out.writeStartArray();
      ((Set<?>) value).forEach(v -> item.write(out, v));
      out.writeEndArray();
    }

    @Override
    public Object read(JsonValue value) {
      var items = new LinkedHashSet<Object>();
      ((JsonArray) value).items().forEach(v -> items.add(item.read(v)));
      return Collections.unmodifiableSet(items);
    }

    @Override
    public Object absent() {
      return Set.of();
    }
  }

  private record MapNode(CodecNode item) implements CodecNode {
    @Override
    public void write(JsonGenerator out, Object value) {
      out.writeStartObject();
      ((Map<?, ?>) value)
          .forEach(
              (k, v) -> {
                out.writeName((String) k);
                item.write(out, v);
              });
      out.writeEndObject();
    }

    @Override
    public Object read(JsonValue value) {
      var members = new LinkedHashMap<String, Object>();
      ((JsonObject) value).members().forEach((k, v) -> members.put(k, item.read(v)));
      return Collections.unmodifiableMap(members);
    }

    @Override
    public Object absent() {
      return Map.of();
    }
  }

  private static final class TextNode implements CodecNode {
    private final RecordHandles handles;

    TextNode(Class<?> c) {
      this.handles = new RecordHandles(c);
    }

    @Override
    public void write(JsonGenerator out, Object value) {
      out.writeString((String) handles.component(value, 0));
    }

    @Override
    public Object read(JsonValue value) {
      return handles.make(CodecScalar.text(value));
    }
  }

  private static final class RecordNode implements CodecNode {
    private final String[] names;
    private final CodecNode[] nodes;
    private final RecordHandles handles;

    RecordNode(Class<?> c) {
      RecordComponent[] components = c.getRecordComponents();
      names = new String[components.length];
      nodes = new CodecNode[components.length];
      for (int i = 0; i < components.length; i++) {
        names[i] = components[i].getName();
        Type type = components[i].getGenericType();
        nodes[i] =
            type instanceof Class<?> k && CodecScalar.of(k) == null ? lazy(type) : node(type);
      }
      handles = new RecordHandles(c);
    }

    @Override
    public void write(JsonGenerator out, Object value) {
      out.writeStartObject();
      writeMembers(out, value);
      out.writeEndObject();
    }

    void writeMembers(JsonGenerator out, Object value) {
      for (int i = 0; i < names.length; i++) {
        Object component = handles.component(value, i);
        if (component != null) {
          out.writeName(names[i]);
          nodes[i].write(out, component);
        }
      }
    }

    @Override
    public Object read(JsonValue value) {
      JsonObject object = (JsonObject) value;
      @Nullable Object[] arguments = new Object[names.length];
      for (int i = 0; i < names.length; i++) {
        JsonValue member = object.get(names[i]);
        arguments[i] =
            member == null || member instanceof JsonNull
                ? nodes[i].absent()
                : nodes[i].read(member);
      }
      return handles.make(arguments);
    }
  }

  private static final class SealedNode implements CodecNode {
    private final Map<String, RecordNode> cases = new LinkedHashMap<>();
    private final Map<Class<?>, String> names = new LinkedHashMap<>();

    SealedNode(Class<?> c) {
      collect(c);
    }

    private void collect(Class<?> c) {
      for (Class<?> permitted : c.getPermittedSubclasses()) {
        if (permitted.isRecord()) {
          cases.put(permitted.getSimpleName(), new RecordNode(permitted));
          names.put(permitted, permitted.getSimpleName());
        } else {
          collect(permitted);
        }
      }
    }

    @Override
    public void write(JsonGenerator out, Object value) {
      String name = names.get(value.getClass());
      RecordNode node = name == null ? null : cases.get(name);
      if (name == null || node == null) {
        throw new IllegalArgumentException("not a permitted record: " + value.getClass());
      }
      out.writeStartObject();
      out.writeName("type");
      out.writeString(name);
      node.writeMembers(out, value);
      out.writeEndObject();
    }

    @Override
    public Object read(JsonValue value) {
      String name = ((JsonObject) value).string("type");
      RecordNode node = name == null ? null : cases.get(name);
      if (node == null) {
        throw new IllegalArgumentException("unknown type");
      }
      return node.read(value);
    }
  }
}
