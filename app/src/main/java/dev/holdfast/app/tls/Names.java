// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a server goes by: addresses and names, as certificates and URLs write them. */
final class Names {
  private static final Pattern V4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  private Names() {}

  static boolean isAddress(String name) {
    return V4.matcher(name).matches() || name.contains(":");
  }

  /** An address as text, without the name of an interface. */
  static String text(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  /** A host and port as in a URL. */
  static String authority(String name, int port) {
    return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
  }

  /** The names of listeners: those that were given, then their addresses. */
  static List<String> of(List<InetSocketAddress> listeners, List<String> given) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    given.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    for (InetSocketAddress listener : listeners) {
      InetAddress address = listener.getAddress();
      if (address.isAnyLocalAddress()) {
        names.addAll(ofThisMachine());
      } else {
        names.add(text(address));
      }
    }
    return List.copyOf(names);
  }

  /** The addresses of this machine that others can reach. */
  private static List<String> ofThisMachine() throws IOException {
    var all = new ArrayList<String>();
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      if (network.isUp() && !network.isLoopback()) {
        network
            .inetAddresses()
            .filter(address -> !address.isLinkLocalAddress())
            .map(Names::text)
            .forEach(all::add);
      }
    }
    return all;
  }
}
