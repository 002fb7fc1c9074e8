// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ssm.SsmError;
import dev.holdfast.kms.Kms;
import dev.holdfast.service.Access;
import dev.holdfast.service.BoundPolicies;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Guard;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import dev.holdfast.ssm.model.Lookup;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.ParameterType;
import dev.holdfast.ssm.model.Selector;
import dev.holdfast.ssm.model.StoredParameter;
import dev.holdfast.store.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds parameters by what requests call them, and turns values into ciphertexts and back. */
public final class Parameters {
  private static final String SERVICE = "ssm.amazonaws.com";
  private static final String CONTEXT = "PARAMETER_ARN";
  private static final int CHUNK = 200;

  /** Errors of KMS that say the key cannot be used; the caller's own rights are not among them. */
  private static final Set<String> KEY_FAULTS =
      Set.of(
          "NotFoundException",
          "DisabledException",
          "KMSInvalidStateException",
          "InvalidCiphertextException");

  private final State state;
  private final ResourcePolicies policies;
  private final Kms kms;
  private final Guard guard;

  public Parameters(State state, Kms kms, Guard guard, BoundPolicies bound) {
    this.state = state;
    this.policies = new ResourcePolicies(state, bound);
    this.kms = kms;
    this.guard = guard;
  }

  State state() {
    return state;
  }

  ResourcePolicies policies() {
    return policies;
  }

  static Selector selector(Call call, String text) {
    return Selector.parse(call.account(), call.region(), text)
        .orElseThrow(() -> Wire.invalid("`" + text + "` is no parameter's name or ARN"));
  }

  /** One action on the parameter that a request names, whether it is there or not. */
  static Demand demand(Call call, String action, String text) {
    return Demand.on(action, selector(call, text).arn());
  }

  /** Reading the parameter that a request names, which may be shared with the caller. */
  Demand reading(Call call, String action, String text) {
    return policies.judged(call, demand(call, action, text), selector(call, text)).revealing();
  }

  /** One decision for each name. */
  static Access access(Collection<Demand> demands) {
    return Access.of().and(demands);
  }

  /** The version that a request names, or empty where there is no such parameter or version. */
  static Optional<StoredParameter> find(View view, Call call, Selector selector) {
    return here(call, selector) ? Lookup.find(view, selector) : Optional.empty();
  }

  /** The parameter that a request names, as it is now. */
  static Optional<StoredParameter> current(View view, Call call, Selector selector) {
    return selector.suffix() == null && here(call, selector)
        ? Lookup.current(view, selector)
        : Optional.empty();
  }

  /**
   * Another region's parameters are not answered from here, another account's only where the caller
   * was let in to that very one.
   */
  private static boolean here(Call call, Selector selector) {
    return selector.region().equals(call.region())
        && (selector.account().equals(call.account())
            || call.record().touches(selector.arn().toString()));
  }

  static ApiError missing(String name) {
    return SsmError.PARAMETER_NOT_FOUND.because("Parameter %s not found.", name);
  }

  /**
   * The error for a reference that {@link #find} found nothing for: of the parameter or of its
   * version.
   */
  static ApiError missing(View view, Call call, Selector selector) {
    String suffix = selector.suffix();
    return suffix != null && here(call, selector) && Lookup.current(view, selector).isPresent()
        ? missing(selector.names().getFirst(), suffix)
        : missing(selector.names().getFirst());
  }

  private static ApiError missing(String name, String version) {
    return SsmError.PARAMETER_VERSION_NOT_FOUND.because(
        "Systems Manager could not find version %s of %s. Verify the version and try again.",
        version, name);
  }

  /**
   * The version of a parameter of the caller's own that a request is about.
   *
   * @param number null for the newest
   * @throws ApiError where the name is no plain one, or there is no such parameter or version
   */
  static StoredParameter version(View view, Call call, String name, @Nullable Long number) {
    if (name.indexOf(':') >= 0) {
      throw Wire.invalid(
          "`"
              + name
              + "` is no parameter's name: labels go by the name alone, and the version is"
              + " `ParameterVersion`");
    }
    StoredParameter now =
        current(view, call, selector(call, name)).orElseThrow(() -> missing(name));
    if (number == null || number == now.version()) {
      return now;
    }
    StoredParameter found =
        ParameterTables.version(view, now.account(), now.region(), now.name(), number);
    if (found == null) {
      throw missing(name, Long.toString(number));
    }
    return found;
  }

  /** Encrypts a value for the caller; the answer is what the store keeps. */
  String encrypt(Call call, String keyId, String arn, String value) {
    byte[] plain = value.getBytes(StandardCharsets.UTF_8);
    try {
      return Base64.getEncoder()
          .encodeToString(kms.encrypt(call.via(SERVICE), keyId, plain, Map.of(CONTEXT, arn)));
    } catch (ApiError e) {
      throw keyFault(e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /** The value as the answer shows it: a SecureString is decrypted only where that is asked. */
  String value(Call call, StoredParameter parameter, @Nullable Boolean withDecryption) {
    if (parameter.type() != ParameterType.SECURE_STRING || !Boolean.TRUE.equals(withDecryption)) {
      return parameter.value();
    }
    byte[] plain;
    try {
      plain =
          kms.decrypt(
              call.via(SERVICE),
              Base64.getDecoder().decode(parameter.value()),
              Map.of(CONTEXT, parameter.arn().toString()));
    } catch (ApiError e) {
      throw keyFault(e);
    }
    try {
      return new String(plain, StandardCharsets.UTF_8);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private static ApiError keyFault(ApiError e) {
    return KEY_FAULTS.contains(e.code())
        ? SsmError.INVALID_KEY_ID.because(
            "%s (Service: AWSKMS; Status Code: 400; Error Code: %s)", e.text(), e.code())
        : e;
  }

  /**
   * Asks for each parameter that a path led to whether a guardrail forbids to reveal it. Rights to
   * a path are rights to all below it, so IAM has nothing more to say; environments have.
   */
  void requireRevealing(Call call, List<StoredParameter> parameters) {
    guard.require(
        call,
        access(
            parameters.stream()
                .map(p -> Demand.on("holdfast:RevealParameter", p.arn()).revealing())
                .toList()));
  }

  /** Parameters of one page, and the name to go on after. */
  record Page(List<StoredParameter> items, @Nullable String next) {}

  /**
   * A page of the parameters below these levels that pass. As AWS says of its own limit, where few
   * pass it may hold few or none, and another come after it.
   *
   * @param shown the version of a parameter, given as it is now, that belongs to the listing; null
   *     where none does
   */
  static Page page(
      View view,
      Call call,
      List<String> levels,
      @Nullable String after,
      int limit,
      Function<StoredParameter, @Nullable StoredParameter> shown) {
    var items = new ArrayList<StoredParameter>();
    String last = after;
    int most = limit + 1;
    int looked = 0;
    while (true) {
      List<StoredParameter> chunk =
          ParameterTables.under(view, call.account(), call.region(), levels, last, most);
      for (StoredParameter parameter : chunk) {
        StoredParameter version = shown.apply(parameter);
        if (version != null) {
          if (items.size() == limit) {
            return new Page(items, items.getLast().name());
          }
          items.add(version);
        }
      }
      if (chunk.size() < most) {
        return new Page(items, null);
      }
      last = chunk.getLast().name();
      looked += chunk.size();
      if (looked >= PageTokens.MOST_READ) {
        return new Page(items, last);
      }
      most = Math.max(most, CHUNK); // where few pass, a reading of few is not worth its while
    }
  }
}
