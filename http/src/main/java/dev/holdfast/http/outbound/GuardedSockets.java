// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http.outbound;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sockets that connect where they may: the address is looked at when it is connected to, so that no
 * name means one address when it is looked at and another when it is used.
 */
final class GuardedSockets extends SSLSocketFactory {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final SSLSocketFactory tls;
  private final Map<String, InetSocketAddress> known;
  private final ConcurrentLinkedQueue<Socket> open = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /**
   * Sockets over a TLS of its own.
   *
   * @param known where hosts live that the operator named, wherever that is
   */
  GuardedSockets(SSLSocketFactory tls, Map<String, InetSocketAddress> known) {
    this.tls = tls;
    this.known = known;
  }

  /** Ends whatever goes on; nothing begins any more, however often a client tries again. */
  void close() {
    closed = true;
    closeAll();
  }

  private void closeAll() {
    for (Socket socket = open.poll(); socket != null; socket = open.poll()) {
      try {
        socket.close();
      } catch (IOException _) {
        // it is over in any case
      }
    }
  }

  /** A socket that is not connected yet; TLS comes over it. */
  @Override
  public Socket createSocket() throws IOException {
    var socket = new Guarded();
    open.add(socket);
    if (closed) { // looked at last: either this sees it, or whoever closes sees the socket
      closeAll();
      throw new IOException("the time of the call is over");
    }
    return socket;
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    SSLSocket layered = (SSLSocket) tls.createSocket(socket, host, port, autoClose);
    SSLParameters parameters = layered.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(PROTOCOLS);
    layered.setSSLParameters(parameters);
    return layered;
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new IOException("addresses are looked at first");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    throw new IOException("addresses are looked at first");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw new IOException("addresses are looked at first");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    throw new IOException("addresses are looked at first");
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return tls.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.getSupportedCipherSuites();
  }

  private final class Guarded extends Socket {
    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      if (!(endpoint instanceof InetSocketAddress wanted)) {
        throw new IOException("this is no address of a host");
      }
      InetSocketAddress named = known.get(wanted.getHostString().toLowerCase(Locale.ROOT));
      super.connect(named == null ? allowed(wanted) : named, timeout);
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
      connect(endpoint, 0);
    }
  }

  private static InetSocketAddress allowed(InetSocketAddress wanted) throws IOException {
    InetAddress address = wanted.getAddress();
    if (address == null) {
      throw new IOException("the host is not known");
    }
    if (wanted.getPort() != 443) {
      throw new IOException("no port but 443 is called");
    }
    if (!PublicAddress.is(address)) {
      throw new IOException("the host has an address that is none of the Internet's");
    }
    return wanted;
  }
}
