using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

/// <summary>The operations of policies, pixel by pixel, and their magnitudes.</summary>
public class PolicyOperationTests
{
    const int Magnitudes = 31;

    static readonly PolicyOperation[] _wide = PolicyOperation.All(Magnitudes, shear: 0.99, _ => 32, rotation: 135, enhancement: 0.99, bits: 6);
    static readonly PolicyOperation[] _narrow = PolicyOperation.All(Magnitudes, shear: 0.3, side => 150.0 / 331 * side, rotation: 30, enhancement: 0.9, bits: 4);

    /// <summary>The pixels that torchvision 0.14's <c>_apply_op</c> makes of the same picture with Pillow 9.4.</summary>
    [Theory]
    [InlineData("ShearX", 0.3, false, "ADVqJVqPSn+0b6TZlMn+ue4j3hNIC0B1MGyoVZjbesQOn/BBxBx06UinUZTXdscYyMjIwC2a5WDbCpMcAAAAiNIcrQxr0ka694AJHLpYQfSnAAAA1SZ3+mfUH6gxROmOaSrrjmtIAAAA")]
    [InlineData("ShearX", 0.3, true, "BTpvKl+UT4S5dKnemc7dvs0o3hNIG1OLQH++Zat+itckr5BX1C+K6UinR4fGbLpHs8ecwlOl21PKQIZLAAAAicgfrg5u00ix7IIMHbxbQfSnAAAA4TyXrX2aK75RUKaudUCxjmtIAAAA")]
    [InlineData("ShearX", -0.99, false, "ADVqJVqPSn+0b6TZlMn+ue4j3hNIAAAAC0B1MGyoVZjbesQOn/BBxBx0AAAAAAAALGGWUZTXdscYyMjIwC2aAAAAAAAAAAAAY5jNiNIcrQxr0ka6AAAAAAAAAAAAAAAAsOUa1SZ3+mfU")]
    [InlineData("ShearX", -0.99, true, "ADVqEkd8N2yhXJHGgbbrptuPy381AAAAC0B1HlaPQ4LCaK5xjdoosoJbAAAAAAAALGGWP3u4ZK5yocd0w3avAAAAAAAAAAAAY5jNdrdum2hGwCuVAAAAAAAAAAAAAAAAsOUaxHxM6Ump")]
    [InlineData("ShearY", 0.66, false, "ADVqMGyodscYyMjI94AJaSrrjmtIC0B1UZTXrQxr0ka6ROmOAAAAAAAALGGWiNIc+mfUH6gxAAAAAAAAAAAAY5jN1SZ3AAAAAAAAAAAAAAAAAAAAsOUaAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("ShearY", 0.66, true, "AzhtL2unarZcy5/D9X0NTF+0jmtIFUp/UJPWmU1NmmSPSeWKAAAAAAAAPnOoh9Ed30evH6gxAAAAAAAAAAAAfLGR1Cd2AAAAAAAAAAAAAAAAAAAAsOUaAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("TranslateX", 2.9, false, "AAAAAAAAADVqJVqPSn+0b6TZlMn+AAAAAAAAC0B1MGyoVZjbesQOn/BBAAAAAAAALGGWUZTXdscYyMjIwC2aAAAAAAAAY5jNiNIcrQxr0ka694AJAAAAAAAAsOUa1SZ3+mfUH6gxROmO")]
    [InlineData("TranslateX", 2.9, true, "AAAAAAAAADVqJVqPSn+0b6TZlMn+AAAAAAAAC0B1MGyoVZjbesQOn/BBAAAAAAAALGGWUZTXdscYyMjIwC2aAAAAAAAAY5jNiNIcrQxr0ka694AJAAAAAAAAsOUa1SZ3+mfUH6gxROmO")]
    [InlineData("TranslateY", -1.0, false, "C0B1MGyoVZjbesQOn/BBxBx06UinLGGWUZTXdscYyMjIwC2a5WDbCpMcY5jNiNIcrQxr0ka694AJHLpYQfSnsOUa1SZ3+mfUH6gxROmOaSrrjmtIAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("TranslateY", -1.0, true, "C0B1MGyoVZjbesQOn/BBxBx06UinLGGWUZTXdscYyMjIwC2a5WDbCpMcY5jNiNIcrQxr0ka694AJHLpYQfSnsOUa1SZ3+mfUH6gxROmOaSrrjmtIAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Rotate", 30.0, false, "AAAAAAAAb6TZlMn+xBx06UinAAAAJVqPSn+0esQOn/BBwC2a5WDbQfSnC0B1MGyodscYyMjI94AJHLpYjmtIC0B1UZTXdscY0ka60ka6ROmOaSrrAAAAY5jNiNIc+mfUH6gxAAAAAAAA")]
    [InlineData("Rotate", 30.0, true, "AAAAAAAAc6jdltPLvGFitU+FAAAAIVaLQnmwaKmCk805wWOPn3ilLNB0FEqBOXe1bbJ3yMjI2VxgVqpCWJaIF0yBQ4PCfJFYuz6NnoBrXLaRbDDbAAAAXpignpc85U63PJ9GAAAAAAAA")]
    [InlineData("Rotate", -117.0, false, "AAAAAAAA+mfUiNIcUZTXC0B1ADVqAAAAH6gx0ka6dscYdscYMGyoJVqPAAAAROmO0ka6yMjIesQOSn+0AAAAaSrrHLpYwC2awC2aesQOb6TZAAAAjmtIQfSn5WDbxBx0lMn+AAAAAAAA")]
    [InlineData("Rotate", -117.0, true, "AAAAAAAA3lChi6Y5SYjFGlKJAjdsAAAAH6kyqk2MlXVMWqGKM26pG1CFAAAAZ8xt32NxyMjIb7JsT4e7AAAAcjrBUI93vmNzr4xxhstobqPYAAAAe4teONaHsWqtvktyosyhAAAAAAAA")]
    [InlineData("Rotate", 90.0, false, "AAAAue4jxBx05WDbHLpYaSrrAAAAAAAAlMn+n/BBwC2a94AJROmOAAAAAAAAb6TZesQOyMjI0ka6H6gxAAAAAAAASn+0VZjbdscYrQxr+mfUAAAAAAAAJVqPMGyoUZTXiNIc1SZ3AAAA")]
    [InlineData("Rotate", 90.0, true, "AAAAue4jxBx05WDbHLpYaSrrAAAAAAAAlMn+n/BBwC2a94AJROmOAAAAAAAAb6TZesQOyMjI0ka6H6gxAAAAAAAASn+0VZjbdscYrQxr+mfUAAAAAAAAJVqPMGyoUZTXiNIc1SZ3AAAA")]
    [InlineData("Brightness", -0.9, false, "AAUKAwkOBwwSCxAVDhQZEhcDFgEHAQYLBAoQCA8VDBMBDxgGEwILFwcQBAkPCA4VCxMCFBQUEwQPFgkVAQ4CCQ8UDRUCEQEKFQcSGAwAAhIIBhgQERYCFQMLGQoVAxAEBhcOCgQXDgoH")]
    [InlineData("Brightness", 0.63, false, "AFasPJLpeM//tP//8f////85/x51EWi+TrD/ivf/xv8W//9p/y29/3X/R570hPH/wP8n/////0n7/5z/EO8toff/3f8t/xOu/3L//9AOLf+Paf////8q/z3B/6f/Mv9Pbv/nq0T/5651")]
    [InlineData("Color", -0.33, false, "DjFVM1Z6WHuffaDEosXpveFZsSlMGTxgQGiQZ5TAhLU7q+FsoC9qx1ubOl2BY5C8grhDyMjIoT+IynHEJYAxcZS4ksNJix9ftVil1oc3PaZlZ9+rtNhQrzpw23nCOpVGZtWYYTe4hGxV")]
    [InlineData("Color", 0.99, false, "AD6oAGPNH4jyRK3/adL/q/8A/wA6AEmzAHbuHqP/W+4Aev8A/wCP/w3KAWrUGp//UfIAyMjI/wDO/yr/AMkAOKH/afwA/wCO/w/2/2oAAPMwAP+Yov8A/wCJ/y//AN4AAP9vfgH/qmUf")]
    [InlineData("Contrast", -0.5, false, "QVt2U26IZoCbeJOti6XAnbhSsEplRmF7WXeVa42ufqNIkLlho097tWWUV3GMaYusfKRNpaWloVeOs3GuRopPco2nhapPl0d2qmSevIFFT55tYbuUmbNOq1R8vnSrUJVZY7WIdVa2iHZl")]
    [InlineData("Contrast", 0.9, false, "AABUADaaF3zhXcL/pP//6v8A/wATAARpAFjKLKv/cv8Auf8G/wBn/xPIAEOoJKT/a/8A////9wCv/0H/AKIAR6v/jf8A0wBW/xDs/34AAOwyBv/I2f8A/wBt/07/AMoADP+YUgD/mFYT")]
    [InlineData("Sharpness", -0.7, false, "ADVqJVqPSn+0b6TZlMn+ue4j3hNIC0B1M2+dW5i7gLdOpcdmuUh36UinLGGWVImxfKxLt6mbuFeHv3GnCpMcY5jNi6xIpUR0vGKaxoBJSKJpQfSnsOUa1SZ3+mfUH6gxROmOaSrrjmtI")]
    [InlineData("Sharpness", 0.99, false, "ADVqJVqPSn+0b6TZlMn+ue4j3hNIC0B1K2e2TJf/cdUAlv8M0gBv6UinLGGWTKL/bewA3vL/ygCz/0f/CpMcY5jNg/8AtwBd8B3m/38AANs/QfSnsOUa1SZ3+mfUH6gxROmOaSrrjmtI")]
    [InlineData("Posterize", 4.0, false, "ADBgIFCAQHCwYKDQkMDwsOAg0BBAAEBwMGCgUJDQcMAAkPBAwBBw4ECgIGCQUJDQcMAQwMDAwCCQ4GDQAJAQYJDAgNAQoABg0ECw8IAAELBQQPCgsOAQ0CBw8GDQEKAwQOCAYCDggGBA")]
    [InlineData("Posterize", 2.0, false, "AABAAECAQECAQIDAgMDAgMAAwABAAEBAAECAQIDAQMAAgMBAwABAwECAAECAQIDAQMAAwMDAwACAwEDAAIAAQIDAgMAAgABAwECAwIAAAIBAQMCAgMAAwABAwEDAAIAAQMCAQADAgEBA")]
    [InlineData("Solarize", 127.5, false, "ADVqJVpwSn9Lb1smazYBRhEjIRNIC0B1MGxXVWckejsOYA9BOxx0FkhYLGFpUWsodjgYNzc3Py1lGmAkCmwcY2cydy0cUgxrLUZFCH8JHEVYQQtYTxoaKiZ3BWcrH1cxRBZxaSoUcWtI")]
    [InlineData("AutoContrast", 0.0, false, "AC1kJVWLS36xcafYls//vPgb4gdBCzlwMGmlVpnafMoFovo6xxFv7UGkLF2SUpXWeM0PzM7GwySW6VzaCpQTZJnMitkTsABm1j+4+38AHL9SQv+ks+4R2Rxy/2TTH6spRfKKayDrkGhB")]
    [InlineData("Equalize", 0.0, false, "ADVqJVqPSn+0b6TZlMn+ue4j3hNIC0B1MGyoVZjbesQOn/BBxBx06UinLGGWUZTXdscYyMjIwC2a5WDbCpMcY5jNiNIcrQxr0ka694AJHLpYQfSnsOUa1SZ3+mfUH6gxROmOaSrrjmtI")]
    public void Each_gives_torchvisions_pixels(string name, double magnitude, bool bilinear, string expected)
    {
        var image = Picture(7, 5);
        Assert.Equal(expected, Convert.ToBase64String(_wide.Single(operation => operation.Name == name).Run(image, magnitude, bilinear).Pixels));
    }

    /// <summary>Magnitudes at the indices 0, 9, 21 and 30 of a picture of 224 × 200, by torchvision 0.14's <c>_augmentation_space</c>.</summary>
    [Theory]
    [InlineData(false, "Identity", false, 0.0, 0.0, 0.0, 0.0)]
    [InlineData(false, "ShearX", true, 0.0, 0.09, 0.21, 0.3)]
    [InlineData(false, "ShearY", true, 0.0, 0.09, 0.21, 0.3)]
    [InlineData(false, "TranslateX", true, 0.0, 30.4532, 71.0574, 101.5106)]
    [InlineData(false, "TranslateY", true, 0.0, 27.1903, 63.4441, 90.6344)]
    [InlineData(false, "Rotate", true, 0.0, 9.0, 21.0, 30.0)]
    [InlineData(false, "Brightness", true, 0.0, 0.27, 0.63, 0.9)]
    [InlineData(false, "Color", true, 0.0, 0.27, 0.63, 0.9)]
    [InlineData(false, "Contrast", true, 0.0, 0.27, 0.63, 0.9)]
    [InlineData(false, "Sharpness", true, 0.0, 0.27, 0.63, 0.9)]
    [InlineData(false, "Posterize", false, 8.0, 7.0, 5.0, 4.0)]
    [InlineData(false, "Solarize", false, 255.0, 178.5, 76.5, 0.0)]
    [InlineData(false, "AutoContrast", false, 0.0, 0.0, 0.0, 0.0)]
    [InlineData(false, "Equalize", false, 0.0, 0.0, 0.0, 0.0)]
    [InlineData(true, "Identity", false, 0.0, 0.0, 0.0, 0.0)]
    [InlineData(true, "ShearX", true, 0.0, 0.297, 0.693, 0.99)]
    [InlineData(true, "ShearY", true, 0.0, 0.297, 0.693, 0.99)]
    [InlineData(true, "TranslateX", true, 0.0, 9.6, 22.4, 32.0)]
    [InlineData(true, "TranslateY", true, 0.0, 9.6, 22.4, 32.0)]
    [InlineData(true, "Rotate", true, 0.0, 40.5, 94.5, 135.0)]
    [InlineData(true, "Brightness", true, 0.0, 0.297, 0.693, 0.99)]
    [InlineData(true, "Color", true, 0.0, 0.297, 0.693, 0.99)]
    [InlineData(true, "Contrast", true, 0.0, 0.297, 0.693, 0.99)]
    [InlineData(true, "Sharpness", true, 0.0, 0.297, 0.693, 0.99)]
    [InlineData(true, "Posterize", false, 8.0, 6.0, 4.0, 2.0)]
    [InlineData(true, "Solarize", false, 255.0, 178.5, 76.5, 0.0)]
    [InlineData(true, "AutoContrast", false, 0.0, 0.0, 0.0, 0.0)]
    [InlineData(true, "Equalize", false, 0.0, 0.0, 0.0, 0.0)]
    public void Magnitudes_are_torchvisions(bool wide, string name, bool signed, double at0, double at9, double at21, double at30)
    {
        var operation = (wide ? _wide : _narrow).Single(operation => operation.Name == name);
        var image = Picture(224, 200);
        Assert.Equal(signed, operation.IsSigned);
        Assert.Equal([at0, at9, at21, at30], new[] { 0, 9, 21, 30 }.Select(index => Math.Round(operation.Magnitude(image, index), 4)));
    }

    /// <summary>Of many pixels, where a step of equalizing counts several; by Pillow 9.4.</summary>
    [Fact]
    public void Equalizing_many_pixels_gives_Pillows() =>
        Assert.Equal("B2F45326B166BBAA", Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(_wide[^1].Run(Picture(64, 48), 0, false).Pixels))[..16]);

    /// <summary>A picture that every language draws alike.</summary>
    static Image Picture(int width, int height) => Image.FromRgb(width, height,
        [.. from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) from c in Enumerable.Range(0, 3)
            select x == 3 && y == 2 ? (byte)200 : (byte)(37 * x + 11 * y * y + 53 * c + 7 * x * y * c)]);
}
