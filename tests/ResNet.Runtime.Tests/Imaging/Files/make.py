"""Makes the encoded images beside this file, and NAME.png with the pixels that Pillow decodes from each.

Needs Pillow, NumPy and libjpeg-turbo's cjpeg. The pictures are synthetic: gradients, stripes, a disc and noise.
"""
import io
import os
import subprocess
import numpy as np
from PIL import Image, ImageOps

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def picture(width, height, seed=1):
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(float)
    red = 255 * x / width
    green = 127 + 120 * np.sin(y / 3)
    blue = np.where((x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2, 230, 30)
    noise = random.normal(0, 12, (height, width, 3))
    return Image.fromarray(np.clip(np.dstack([red, green, blue]) + noise, 0, 255).astype(np.uint8))


def reference(name, upright=False):
    image = Image.open(name)
    image.load()
    if upright:
        image = ImageOps.exif_transpose(image)
    image.convert("RGB").save(name + ".png", optimize=True)


def cjpeg(name, image, *arguments):
    ppm = io.BytesIO()
    image.save(ppm, "ppm")
    encoded = subprocess.run(["cjpeg", "-quality", "85", *arguments], input=ppm.getvalue(), stdout=subprocess.PIPE, check=True)
    with open(name, "wb") as file:
        file.write(encoded.stdout)
    reference(name)


# Every relation of chroma to luma that occurs, with sides that fill no whole unit.
for sampling in ["1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "2x4", "2x2,2x1,1x2", "2x2,1x2,1x2", "1x1,2x2,1x1", "2x1,1x1,2x1"]:
    cjpeg(f"sampling-{sampling.replace(',', '-')}.jpg", picture(45, 37), "-sample", sampling)
    if sampling in ("1x1", "2x1", "1x2", "2x2"):
        cjpeg(f"progressive-{sampling}.jpg", picture(45, 37), "-sample", sampling, "-progressive")

# Chroma of two samples for three of luma, which libjpeg refuses. A component's scan of its own does not know of the
# others, so that three grey files make one of RGB; Pillow decodes each, and the samples are repeated.
planes = [picture(48, 37, 1), picture(32, 37, 2), picture(32, 37, 3)]
files = [subprocess.run(["cjpeg", "-grayscale", "-quality", "85"], input=b"P6 %d %d 255\n" % p.size + p.tobytes(),
                        stdout=subprocess.PIPE, check=True).stdout for p in planes]
dqt, sof, dht, sos = (files[0].index(b"\xff" + marker) for marker in (b"\xdb", b"\xc0", b"\xc4", b"\xda"))
frame = b"\xff\xc0\x00\x11\x08\x00\x25\x00\x30\x03" + b"R\x31\x00" + b"G\x21\x00" + b"B\x21\x00"
scans = b"".join(b"\xff\xda\x00\x08\x01" + bytes([id]) + f[f.index(b"\xff\xda") + 6:-2] for id, f in zip(b"RGB", files))
with open("sampling-3x1-2x1-2x1.jpg", "wb") as file:
    file.write(b"\xff\xd8" + files[0][dqt:sof] + frame + files[0][dht:sos] + scans + b"\xff\xd9")
decoded = [np.asarray(Image.open(io.BytesIO(f))) for f in files]
columns = np.arange(48) * 2 // 3
merged = np.dstack([decoded[0], decoded[1][:, columns], decoded[2][:, columns]])
Image.fromarray(merged).save("sampling-3x1-2x1-2x1.jpg.png", optimize=True)

for width, height in [(1, 1), (2, 2), (3, 3), (5, 1), (1, 5), (6, 17), (17, 6), (16, 16), (33, 32)]:
    cjpeg(f"size-{width}x{height}.jpg", picture(width, height), "-sample", "2x2")
cjpeg("grey.jpg", picture(45, 37), "-grayscale")
cjpeg("grey-2x2.jpg", picture(45, 37), "-grayscale", "-sample", "2x2")
cjpeg("grey-progressive.jpg", picture(45, 37), "-grayscale", "-progressive")
cjpeg("rgb.jpg", picture(45, 37), "-rgb")
cjpeg("restart.jpg", picture(45, 37), "-restart", "2B")
cjpeg("restart-progressive.jpg", picture(45, 37), "-restart", "3B", "-progressive")
cjpeg("quality-100.jpg", picture(45, 37), "-quality", "100", "-sample", "1x1")
cjpeg("quality-3.jpg", picture(45, 37), "-quality", "3")
with open("scans.txt", "w") as script:
    script.write("0;\n1;\n2;\n")
cjpeg("separate-scans.jpg", picture(45, 37), "-sample", "2x2", "-scans", "scans.txt")
os.remove("scans.txt")



def markers(data):
    """Offsets and numbers of the markers, those within scans included."""
    at, found = 2, []
    while at < len(data) - 1:
        if data[at] == 0xFF and data[at + 1] not in (0, 0xFF):
            found.append((at, data[at + 1]))
            restart_or_end = 0xD0 <= data[at + 1] <= 0xD9
            at += 2 if restart_or_end else 2 + int.from_bytes(data[at + 2:at + 4], "big")
        else:
            at += 1
    return found


# Progressive files that end after so many scans: libjpeg smooths across blocks what is missing.
for source, counts in [("progressive-2x2", [1, 2, 4]), ("progressive-1x1", [1, 5]), ("progressive-1x2", [1]), ("grey-progressive", [1, 2, 3])]:
    data = open(source + ".jpg", "rb").read()
    found = markers(data)
    for count in counts:
        last = [i for i, (_, number) in enumerate(found) if number == 0xDA][count - 1]
        name = f"progressive-{source.replace('progressive-', '').replace('-progressive', '')}-after-{count}.jpg"
        open(name, "wb").write(data[:found[last + 1][0]] + b"\xff\xd9")
        reference(name)

# Restart markers that are swapped, far from their place, lost, there twice, and lost at the end.
for source in ["restart", "restart-progressive"]:
    data = open(source + ".jpg", "rb").read()
    at = [offset for offset, number in markers(data) if 0xD0 <= number <= 0xD7][:4]
    damaged = {"swapped": bytearray(data), "far": bytearray(data)}
    damaged["swapped"][at[1] + 1], damaged["swapped"][at[2] + 1] = data[at[2] + 1], data[at[1] + 1]
    damaged["far"][at[1] + 1] = 0xD5
    damaged["lost"] = data[:at[1]] + data[at[1] + 2:]
    damaged["twice"] = data[:at[1]] + data[at[1]:at[1] + 2] + data[at[1]:]
    last = [offset for offset, number in markers(data) if 0xD0 <= number <= 0xD7][-1]
    damaged["last-lost"] = data[:last] + data[last + 2:]
    for kind, content in damaged.items():
        name = f"{source}-{kind}.jpg"
        open(name, "wb").write(bytes(content))
        reference(name)

ink = picture(45, 37).convert("CMYK")
ink = Image.merge("CMYK", ink.split()[:3] + (picture(45, 37, seed=2).split()[0].point(lambda v: v // 2),))
ink.save("cmyk.jpg", quality=90)
reference("cmyk.jpg")
# The same components declared as YCCK: only the transform in Adobe's segment differs.
encoded = bytearray(open("cmyk.jpg", "rb").read())
encoded[encoded.index(b"Adobe") + 11] = 2
open("ycck.jpg", "wb").write(encoded)
reference("ycck.jpg")

for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    name = f"orientation-{orientation}.jpg"
    picture(21, 14).save(name, exif=exif)
    reference(name, upright=True)

picture(33, 21).save("rgb.bmp")
picture(33, 21).quantize(200).save("palette-8.bmp")
picture(33, 21).convert("L").save("grey.bmp")
picture(33, 21).convert("1").save("bits-1.bmp")
for name in ["rgb.bmp", "palette-8.bmp", "grey.bmp", "bits-1.bmp"]:
    reference(name)
picture(33, 21).quantize(200).save("palette-8.png")
reference("palette-8.png")
picture(33, 21).convert("RGBA").save("rgba.png")
reference("rgba.png")

# Resizing: up, down and both, to odd sizes.
source = picture(61, 47, seed=3)
source.save("resize.png")
for filter in ["nearest", "box", "bilinear", "bicubic"]:
    for width, height in [(20, 15), (61, 20), (120, 94), (7, 90), (1, 1), (40, 47)]:
        source.resize((width, height), getattr(Image.Resampling, filter.upper())).save(f"resize-{filter}-{width}x{height}.png", optimize=True)
