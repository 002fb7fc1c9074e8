// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiverTest {
  @Test
  void takesHttpsAndPlainHttpOnLoopbackAlone() {
    assertThat(Receiver.of("https://hooks.example.com/a?b=c", false))
        .isEqualTo(new Receiver(true, "hooks.example.com", 443, "/a?b=c", false));
    assertThat(Receiver.of("http://127.0.0.1:9000", false))
        .isEqualTo(new Receiver(false, "127.0.0.1", 9000, "/", false));
    assertThat(Receiver.of("https://[2001:db8::1]:8443/", false).authority())
        .isEqualTo("[2001:db8::1]:8443");
    for (String url :
        List.of(
            "",
            "hooks.example.com",
            "http://hooks.example.com/",
            "http://127.0.0.1.example.com/",
            "http://192.0.2.1/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "https:///path",
            "https://user:pass@hooks.example.com/",
            "https://hooks.example.com/#part",
            "https://hooks.example.com/\r\nX-A: b",
            "https://hooks.example.com/\u00e4",
            "https://" + "a".repeat(3000))) {
      assertThatThrownBy(() -> Receiver.of(url, true)).as(url).isInstanceOf(Receiver.Unfit.class);
    }
  }

  @Test
  void sendsNothingToPrivateAddressesUnlessTheOperatorSaidSo() {
    for (String host :
        List.of("10.0.0.1", "172.16.3.4", "192.168.1.1", "100.64.0.1", "[fd00::1]")) {
      assertThatThrownBy(() -> Receiver.of("https://" + host + "/", false).address())
          .as(host)
          .isInstanceOf(Receiver.Unfit.class)
          .hasMessageContaining("--private");
      assertThatCode(() -> Receiver.of("https://" + host + "/", true).address())
          .as(host)
          .doesNotThrowAnyException();
    }
    assertThatCode(() -> Receiver.of("https://8.8.8.8/", false).address())
        .doesNotThrowAnyException();
  }

  @Test
  void isShownWithoutPathAndQuery() {
    assertThat(Receiver.shown("https://hooks.example.com/services/T0/secret?key=secret"))
        .isEqualTo("https://hooks.example.com");
    assertThat(Receiver.shown("http://[::1]:9000/secret")).isEqualTo("http://[::1]:9000");
  }

  @Test
  void sendsToThisMachineWhereItIsNamedOrPrivateOnesAreAllowed() {
    for (String url : List.of("http://127.0.0.1:9000/", "http://[::1]/", "http://localhost/")) {
      assertThatCode(() -> Receiver.of(url, false).address()).as(url).doesNotThrowAnyException();
    }
  }

  @Test
  void neverSendsToTheLinkOrToEverybody() {
    for (String host :
        List.of(
            "169.254.169.254",
            "0.0.0.0",
            "224.0.0.1",
            "[fe80::1]",
            "0.1.2.3",
            "240.0.0.1",
            "255.255.255.255",
            "192.0.0.8",
            "192.0.2.10",
            "198.18.0.1",
            "[::]",
            "[::10.0.0.1]",
            "[64:ff9b::10.0.0.1]",
            "[64:ff9b:1::1]",
            "[2001::1]",
            "[2001:db8::1]",
            "[2002:a00:1::1]",
            "[ff02::1]")) {
      assertThatThrownBy(() -> Receiver.of("https://" + host + "/", true).address())
          .as(host)
          .isInstanceOf(Receiver.Unfit.class);
    }
  }
}
