// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.nayuki.qrcodegen.QrCode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

final class QrPngTest {
  @Test
  void isAPictureOfTheCodeWithItsBorder() throws IOException {
    String text = "otpauth://totp/phone@111122223333?secret=" + "A".repeat(64);
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(QrPng.of(text)));
    QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
    assertThat(picture.getWidth()).isEqualTo((code.size + 8) * 8).isEqualTo(picture.getHeight());
    int wrong = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        boolean dark = (picture.getRGB(x, y) & 0xff) == 0;
        if (dark != code.getModule(x / 8 - 4, y / 8 - 4)) {
          wrong++;
        }
      }
    }
    assertThat(wrong).isZero();
  }
}
