// SPDX-License-Identifier: Apache-2.0
/** A blocking HTTP port: server, websocket, and a client over unix sockets. Jetty stays inside. */
@NullMarked
package dev.holdfast.http;

import org.jspecify.annotations.NullMarked;
