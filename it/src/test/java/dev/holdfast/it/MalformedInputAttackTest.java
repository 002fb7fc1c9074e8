// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.QueryCodec;
import dev.holdfast.aws.sigv4.SignedRequest.Header;
import dev.holdfast.it.SmallestRequest.Unknown;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.service.Operation;
import dev.holdfast.service.UnsignedOperation;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every operation at the assembled door, well signed by somebody who may do everything, with input
 * that is not what it should be: values of other types and sizes, members more and fewer, bytes
 * changed. Whatever comes of it is an answer in the service's words: never an internal error, no
 * class name or stack, and the platform serves on.
 */
@Timeout(1800)
class MalformedInputAttackTest {
  private static final int ROUNDS = Attacked.LONG ? 200 : 5;
  private static final int LONGEST = 16 * 1024;

  /** Asks a site that the input names for its certificate: {@code OutboundHttpsTest}. */
  private static final Set<String> CALLS_OUT = Set.of("iam:CreateOpenIDConnectProvider");

  private static final Duration SLOW = Duration.ofSeconds(8);

  private static final List<JsonValue> ODD =
      List.of(
          new JsonNull(),
          new JsonBool(true),
          new JsonNumber("-1"),
          new JsonNumber("9223372036854775807"),
          new JsonNumber("1e308"),
          new JsonNumber("0.5"),
          new JsonString(""),
          new JsonString("\u0000"),
          new JsonString("\u001b[2J\u202e"),
          new JsonString("\ud83d\ude00"),
          new JsonString("arn:aws:iam::000000000000:role/"),
          new JsonString("arn:aws:::::"),
          new JsonString("../../../etc/passwd"),
          new JsonString("*"),
          new JsonString("${aws:username}"),
          new JsonString("{\"Version\":\"2012-10-17\",\"Statement\":{}}"),
          new JsonString("x".repeat(5000)),
          new JsonArray(List.of()),
          new JsonArray(List.of(new JsonNull())),
          new JsonArray(List.of(new JsonString("a"), new JsonString("a"))),
          JsonObject.EMPTY,
          JsonObject.EMPTY.with("", ""),
          JsonObject.EMPTY.with("Key", "a").with("Value", "b"));

  private static Harbor harbor;
  private static Raw raw;
  private static SmallestRequest requests;

  private final Random random = new Random(Long.getLong("fuzz.seed", 1));

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    raw = new Raw(harbor.platform().url());
    requests = Cargo.load(harbor).requests();
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static JsonObject smallest(OperationModel<?, ?> model) {
    try {
      return requests.of(model);
    } catch (Unknown _) {
      return JsonObject.EMPTY; // OperationContractTest asks for it
    }
  }

  /** One member, anywhere in a tree, with another value, or a member more. */
  private JsonValue odd(JsonValue value) {
    if (value instanceof JsonObject object && !object.members().isEmpty()) {
      var names = List.copyOf(object.members().keySet());
      String name = names.get(random.nextInt(names.size()));
      return switch (random.nextInt(4)) {
        case 0 -> object.with(name, odd());
        case 1 -> object.with(name + "x", odd());
        default -> object.with(name, odd(Objects.requireNonNull(object.members().get(name))));
      };
    }
    if (value instanceof JsonArray(var items) && !items.isEmpty() && random.nextBoolean()) {
      var more = new ArrayList<>(items);
      more.set(random.nextInt(more.size()), odd(more.getFirst()));
      return new JsonArray(more);
    }
    return odd();
  }

  private JsonValue odd() {
    return ODD.get(random.nextInt(ODD.size()));
  }

  /** Any member that the model knows, with a value of any kind. */
  private JsonObject more(OperationModel<?, ?> model, JsonObject in) {
    var members = model.input().members();
    JsonObject out = in;
    for (int i = random.nextInt(4); i > 0 && !members.isEmpty(); i--) {
      out = out.with(members.get(random.nextInt(members.size())).name(), odd());
    }
    return out;
  }

  private byte[] body(OperationModel<?, ?> model, byte[] other) {
    JsonObject smallest = smallest(model);
    boolean query = model.service().protocol() == Protocol.QUERY;
    if (random.nextInt(3) == 0) {
      byte[] good = query ? form(model, smallest) : Json.bytes(smallest);
      return changed(good, other);
    }
    JsonObject changed = more(model, smallest);
    JsonValue odd = random.nextBoolean() ? odd(changed) : changed;
    return query && odd instanceof JsonObject object ? flat(model, object) : Json.bytes(odd);
  }

  /** One to eight bytes turned, cut out or put in, or a piece of another body. */
  private byte[] changed(byte[] good, byte[] other) {
    byte[] out = good;
    for (int i = 1 << random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(out.length + 1);
      int to = Math.min(out.length, at + random.nextInt(8));
      byte[] piece = new byte[random.nextInt(4)];
      random.nextBytes(piece);
      if (random.nextInt(4) == 0 && other.length > 0) {
        int from = random.nextInt(other.length);
        piece = Arrays.copyOfRange(other, from, Math.min(other.length, from + 64));
      }
      byte[] next = new byte[at + piece.length + out.length - to];
      System.arraycopy(out, 0, next, 0, at);
      System.arraycopy(piece, 0, next, at, piece.length);
      System.arraycopy(out, to, next, at + piece.length, out.length - to);
      out = next;
    }
    return out.length > LONGEST ? Arrays.copyOf(out, LONGEST) : out;
  }

  private static String head(OperationModel<?, ?> model) {
    return "Action=" + model.name() + "&Version=" + model.service().apiVersion();
  }

  private static byte[] form(OperationModel<?, ?> model, JsonObject in) {
    var shape = model.inputOf(JsonCodec.read(model.input(), Json.bytes(in)));
    return pairs(head(model), QueryCodec.form(shape));
  }

  private static byte[] pairs(String head, Map<String, String> form) {
    String rest =
        form.entrySet().stream()
            .map(e -> "&" + escaped(e.getKey()) + "=" + escaped(e.getValue()))
            .collect(Collectors.joining());
    return (head + rest).getBytes(StandardCharsets.UTF_8);
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** A form has texts alone: trees are flattened as the protocol does, types or not. */
  private static byte[] flat(OperationModel<?, ?> model, JsonObject in) {
    var form = new java.util.LinkedHashMap<String, String>();
    flatten("", in, form);
    return pairs(head(model), form);
  }

  private static void flatten(String prefix, JsonValue value, Map<String, String> form) {
    switch (value) {
      case JsonObject(var members) ->
          members.forEach(
              (name, each) -> flatten(prefix.isEmpty() ? name : prefix + "." + name, each, form));
      case JsonArray(var items) -> {
        for (int i = 0; i < items.size(); i++) {
          flatten(prefix + ".member." + (i + 1), items.get(i), form);
        }
      }
      case JsonString(var text) -> form.put(prefix, text);
      default -> form.put(prefix, Json.text(value));
    }
  }

  private static Raw.Answer send(Operation<?, ?> operation, byte[] body) {
    OperationModel<?, ?> model = operation.model();
    var service = model.service();
    var as = new Raw.As(harbor.home().administrator(), Harbor.REGION.name(), service.signingName());
    if (service.protocol() == Protocol.JSON) {
      return raw.json(as, service.targetPrefix() + "." + model.name(), body);
    }
    return operation instanceof UnsignedOperation
        ? raw.send(
            "POST",
            "/",
            List.of(new Header("Content-Type", "application/x-www-form-urlencoded")),
            body)
        : raw.form(as, body);
  }

  @Test
  void whateverComesIsAnsweredInTheServicesWords() {
    List<Operation<?, ?>> operations =
        harbor.operations().stream()
            .filter(o -> !CALLS_OUT.contains(o.model().toString()))
            .toList();
    byte[] other = new byte[0];
    int good = 0;
    for (int round = 0; round < ROUNDS; round++) {
      for (Operation<?, ?> operation : operations) {
        byte[] body = body(operation.model(), other);
        long begin = System.nanoTime();
        Raw.Answer answer = send(operation, body);
        String what =
            operation.model() + " with base64:" + Base64.getEncoder().encodeToString(body);
        assertThat(answer.status()).as(what + answer.text()).isBetween(200, 499);
        assertThat(answer.text())
            .as(what)
            .doesNotContain("InternalFailure", "InternalError", "dev.holdfast.", "java.lang.");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(what).isLessThan(SLOW);
        good += answer.status() == 200 ? 1 : 0;
        other = body;
      }
    }
    assertThat(good).as("some of it was good input").isPositive();
    assertThat(
            harbor
                .call(
                    harbor.foreign().administrator(),
                    Harbor.REGION.name(),
                    "sts:GetCallerIdentity",
                    "{}")
                .string("Account"))
        .isEqualTo(harbor.foreign().id().digits());
  }
}
