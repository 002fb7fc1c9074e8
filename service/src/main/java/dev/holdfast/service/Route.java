// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.http.HttpHandler;

/** A path prefix that is not an AWS operation: the registry's, the agents' websockets'. */
public record Route(String prefix, HttpHandler handler) {}
