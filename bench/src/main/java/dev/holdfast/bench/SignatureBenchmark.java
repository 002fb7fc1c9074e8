// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.aws.sigv4.Authorization;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.aws.sigv4.SignedRequest.Header;
import dev.holdfast.aws.sigv4.Signer;
import dev.holdfast.aws.sigv4.Verifier;
import dev.holdfast.kit.Hashes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Verifying a signature with its key at hand, beside its physical limit: the two hashes and the one
 * HMAC over the same number of bytes that no verification can do without.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SignatureBenchmark {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

  private final byte[] body = new byte[1024];
  private final byte[] canonical = new byte[420];
  private final byte[] toSign = new byte[140];
  private final SignedRequest request = signed(body);
  private final byte[] key =
      Authorization.of(request).scope().key(SECRET.getBytes(StandardCharsets.UTF_8));

  private static SignedRequest signed(byte[] body) {
    var headers =
        new ArrayList<>(
            List.of(
                new Header("Host", "127.0.0.1:4566"),
                new Header("Content-Type", "application/x-amz-json-1.1"),
                new Header("X-Amz-Target", "AmazonEC2ContainerServiceV20141113.RunTask")));
    var plain = new SignedRequest("POST", "/", "", headers);
    headers.addAll(
        Signer.sign(
            plain, body, new Credentials("AKIDEXAMPLE", SECRET, null), "us-east-1", "ecs", NOW));
    return new SignedRequest("POST", "/", "", headers);
  }

  /** Parse, check and verify one request of 1 KiB. */
  @Benchmark
  public Authorization verify() {
    Authorization auth = Authorization.of(request);
    Verifier.check(auth, request, List.of("ecs"), NOW);
    Verifier.verify(auth, request, body, key);
    return auth;
  }

  /** The cryptography alone. */
  @Benchmark
  public int limit() {
    return Hashes.sha256(body).length
        + Hashes.sha256(canonical).length
        + Hashes.hmacSha256(key, toSign).length;
  }
}
