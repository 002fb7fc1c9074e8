// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control.oidc;

import dev.holdfast.iam.model.OidcProvider;
import dev.holdfast.iam.plan.oidc.Jwt;
import dev.holdfast.iam.plan.oidc.KeySet;
import dev.holdfast.iam.plan.oidc.KeySet.Verdict;
import dev.holdfast.iam.plan.oidc.SiteName;
import dev.holdfast.iam.port.IssuerSites;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.Json.MalformedJson;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The keys of identity providers, remembered for a while. They are asked for again when they are
 * old, and when a token names a key that is not among them; a provider is asked once a minute at
 * most, whatever is sent here. Where it cannot be asked, its old keys hold for an hour.
 *
 * <p>Keys are remembered by issuer and thumbprints: what one account takes for the issuer's
 * certificate says nothing to another. Its own lock guards the map; each issuer's lock lets one
 * ask, while others wait for the answer where no key that they have is good.
 */
public final class IssuerKeys {
  private static final System.Logger LOG = System.getLogger("iam");
  private static final int MOST = 256;
  private static final int DISCOVERY_BYTES = 64 * 1024;
  private static final int KEY_BYTES = 512 * 1024;

  /** From then on keys are asked for again. */
  static final Duration FRESH = Duration.ofMinutes(15);

  /** From then on keys are good for nothing. */
  static final Duration STALE = Duration.ofHours(1);

  /** A provider is asked no sooner than that after the last time. */
  static final Duration PAUSE = Duration.ofMinutes(1);

  private record Name(String issuer, List<String> thumbprints) {}

  /** Keys and when they were read; null where they were not. */
  private record Keys(KeySet set, @Nullable Instant read) {
    static final Keys NONE = new Keys(KeySet.NONE, null);

    boolean younger(Duration age, Instant now) {
      return within(read, age, now);
    }
  }

  /** What is known of an issuer; its lock guards what changes, and its keys are read without. */
  private static final class Known {
    final ReentrantLock lock = new ReentrantLock();
    volatile Keys keys = Keys.NONE;
    @Nullable Instant asked;
    @Nullable IOException failure;
  }

  private final IssuerSites sites;

  private final Map<Name, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, Known> eldest) {
          return size() > MOST;
        }
      };

  public IssuerKeys(IssuerSites sites) {
    this.sites = sites;
  }

  /**
   * Whether a provider's key signed a token.
   *
   * @param whose provider it is, in whose places its site is asked
   * @throws IOException where its keys cannot be had
   */
  Verdict judge(AccountId whose, OidcProvider provider, Jwt token, Instant now) throws IOException {
    Known issuer = of(provider);
    Keys keys = issuer.keys;
    Verdict verdict = keys.younger(STALE, now) ? keys.set().judge(token) : Verdict.UNKNOWN_KEY;
    if (verdict == Verdict.UNKNOWN_KEY) {
      issuer.lock.lock(); // nothing is known without an answer
    } else if (keys.younger(FRESH, now) || !issuer.lock.tryLock()) {
      return verdict; // where keys are old, one asks, and nobody waits for it
    }
    try {
      return asked(issuer, whose, provider, token, now);
    } finally {
      issuer.lock.unlock();
    }
  }

  /** The verdict of keys that are asked for where they should be; its lock is held. */
  private Verdict asked(
      Known issuer, AccountId whose, OidcProvider provider, Jwt token, Instant now)
      throws IOException {
    if (!issuer.keys.younger(FRESH, now)) {
      ask(issuer, whose, provider, now);
    }
    Verdict verdict = issuer.keys.set().judge(token);
    if (verdict == Verdict.UNKNOWN_KEY && ask(issuer, whose, provider, now)) {
      verdict = issuer.keys.set().judge(token);
    }
    if (!issuer.keys.younger(STALE, now)) {
      throw failure(issuer);
    }
    return verdict;
  }

  private Known of(OidcProvider provider) {
    synchronized (known) {
      return known.computeIfAbsent(
          new Name(provider.issuer(), provider.thumbprints()), _ -> new Known());
    }
  }

  private static IOException failure(Known issuer) {
    IOException why = issuer.failure;
    return why instanceof IssuerSites.NotTrusted
        ? new IssuerSites.NotTrusted(String.valueOf(why.getMessage()))
        : new IOException("the keys of the issuer cannot be had", why);
  }

  /** Whether less time has passed; a clock that was put back is no reason to wait for it. */
  private static boolean within(@Nullable Instant since, Duration time, Instant now) {
    return since != null && !now.isBefore(since.minus(PAUSE)) && now.isBefore(since.plus(time));
  }

  /** Asks the provider, where it was not asked a moment ago; whether it answered. */
  private boolean ask(Known issuer, AccountId whose, OidcProvider provider, Instant now) {
    if (within(issuer.asked, PAUSE, now)) {
      return false;
    }
    Instant before = issuer.asked;
    issuer.asked = now;
    try {
      issuer.keys = new Keys(fetch(whose, provider), now);
      issuer.failure = null;
      return true;
    } catch (IssuerSites.Busy e) {
      issuer.asked = before; // it was not asked, and the next to come may
      issuer.failure = e;
      return false;
    } catch (IOException e) {
      issuer.failure = e;
      LOG.log(
          Level.WARNING,
          "the keys of {0} cannot be had: {1}",
          provider.issuer(),
          String.valueOf(e.getMessage()));
      return false;
    }
  }

  private KeySet fetch(AccountId whose, OidcProvider provider) throws IOException {
    List<String> thumbprints = provider.thumbprints();
    JsonObject configuration;
    try {
      configuration =
          Json.parseObject(
              sites.get(
                  whose, SiteName.discovery(provider.issuer()), thumbprints, DISCOVERY_BYTES));
    } catch (MalformedJson e) {
      throw new IOException("its discovery document is none", e);
    }
    if (!provider.issuer().equals(configuration.string("issuer"))) {
      throw new IOException("its discovery document is another issuer's");
    }
    String place = configuration.string("jwks_uri");
    if (place == null || SiteName.parse(place).isEmpty()) {
      throw new IOException("its discovery document names no place of keys");
    }
    return KeySet.parse(sites.get(whose, place, thumbprints, KEY_BYTES))
        .filter(keys -> keys.size() > 0)
        .orElseThrow(() -> new IOException("it has no keys that sign tokens"));
  }
}
