// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.token.Tokens;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Endpoint;
import dev.holdfast.service.Guard;
import dev.holdfast.service.State;
import dev.holdfast.service.Workload;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Supplier;

/** What the registry's routes are built from. */
public record OciDependencies(
    State state,
    BlobStore blobs,
    Tokens tokens,
    Guard guard,
    AuditLog audit,
    Supplier<Endpoint> endpoint,
    SecureRandom random,
    InstantSource clock,
    Workload workload) {}
