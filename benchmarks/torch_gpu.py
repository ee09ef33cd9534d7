#!/usr/bin/env python3
"""Images per second of PyTorch, eager and compiled, on the networks and batches of benchmarks/gpu.sh.

    benchmarks/torch_gpu.py [--device cuda] [--precision single|tf32|bf16] [--seconds 10] NETWORK:BATCH…

A batch with a t in front is that of a training step: forward, loss, backward, SGD. For each row a line of four fields:
network, batch, and images per second eager and compiled, by the median pass; what cannot be run is a dash, and the reason
goes to standard error. A pass brings the images from pinned memory and waits for its result, as `resnet bench` does.
"""
import argparse
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

IMAGENET = {  # units per stage, whether they are bottlenecks, groups, width of a group
    "resnet18": ([2, 2, 2, 2], False, 1, 64),
    "resnet34": ([3, 4, 6, 3], False, 1, 64),
    "resnet50": ([3, 4, 6, 3], True, 1, 64),
    "resnet101": ([3, 4, 23, 3], True, 1, 64),
    "resnet152": ([3, 8, 36, 3], True, 1, 64),
    "resnext50_32x4d": ([3, 4, 6, 3], True, 32, 4),
    "resnext101_32x8d": ([3, 4, 23, 3], True, 32, 8),
    "wide_resnet50_2": ([3, 4, 6, 3], True, 1, 128),
    "wide_resnet101_2": ([3, 4, 23, 3], True, 1, 128),
}


def conv_norm(inputs, outputs, kernel, stride=1, groups=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs))


class Unit(nn.Module):
    """A residual unit of the original form (He et al. 2015); zero-padded shortcuts are option A."""

    def __init__(self, inputs, outputs, stride, inner=None, groups=1, pads=False):
        super().__init__()
        if inner is None:
            self.main = nn.Sequential(conv_norm(inputs, outputs, 3, stride), nn.ReLU(inplace=True), conv_norm(outputs, outputs, 3))
        else:
            self.main = nn.Sequential(
                conv_norm(inputs, inner, 1), nn.ReLU(inplace=True),
                conv_norm(inner, inner, 3, stride, groups), nn.ReLU(inplace=True), conv_norm(inner, outputs, 1))
        self.stride, self.padding = stride, (outputs - inputs) // 2 if pads else 0
        changes = stride != 1 or inputs != outputs
        self.shortcut = conv_norm(inputs, outputs, 1, stride) if changes and not pads else None

    def forward(self, x):
        if self.shortcut is not None:
            addend = self.shortcut(x)
        elif self.padding:
            addend = F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, self.padding, self.padding))
        else:
            addend = x
        return F.relu(self.main(x) + addend, inplace=True)


def create(name):
    """The network of that name, and the side and number of classes of its images."""
    if name.startswith("cifar-resnet"):
        units, channels, layers = (int(name[len("cifar-resnet"):]) - 2) // 6, 16, [conv_norm(3, 16, 3), nn.ReLU(inplace=True)]
        for stage, width in enumerate((16, 32, 64)):
            for i in range(units):
                layers.append(Unit(channels, width, 2 if stage > 0 and i == 0 else 1, pads=True))
                channels = width
        side, classes = 32, 10
    elif name in IMAGENET:
        stages, bottleneck, groups, width = IMAGENET[name]
        channels, layers = 64, [conv_norm(3, 64, 7, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
        for stage, count in enumerate(stages):
            outputs = (256 if bottleneck else 64) << stage
            for i in range(count):
                inner = (width * groups) << stage if bottleneck else None
                layers.append(Unit(channels, outputs, 2 if stage > 0 and i == 0 else 1, inner, groups))
                channels = outputs
        side, classes = 224, 1000
    else:
        raise ValueError(f"{name} is not among the networks of this script")
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)), side, classes


def passes(name, batch, trains, device, precision, compiled):
    """A function that does one pass and waits for its result."""
    network, side, classes = create(name)
    network = network.to(device, memory_format=torch.channels_last).train(trains)
    run = torch.compile(network, mode=None if trains else "reduce-overhead") if compiled else network
    images, labels = torch.rand(batch, 3, side, side) * 2 - 1, torch.arange(batch) % classes
    if device.type == "cuda":
        images, labels = images.pin_memory(), labels.pin_memory()
    half = torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == "bf16")

    def arrived():
        return images.to(device, non_blocking=True).contiguous(memory_format=torch.channels_last)

    def infer():
        with torch.inference_mode(), half:
            run(arrived()).float().cpu()

    if not trains:
        return infer
    optimizer = torch.optim.SGD(network.parameters(), lr=0.0, momentum=0.9, weight_decay=1e-4)

    def step():
        with half:
            loss = F.cross_entropy(run(arrived()), labels.to(device, non_blocking=True))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        loss.item()

    return step


def measure(one, seconds):
    """The median duration of a pass."""
    for _ in range(3):
        one()
    start = time.perf_counter()
    while time.perf_counter() - start < min(1, seconds):
        one()
    times, start = [], time.perf_counter()
    while len(times) < 5 or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        one()
        times.append(time.perf_counter() - before)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--precision", default="single", choices=["single", "tf32", "bf16"])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("rows", nargs="+", metavar="NETWORK:BATCH")
    options = parser.parse_args()
    device = torch.device(options.device)
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = options.precision == "tf32"
    print(f"PyTorch {torch.__version__}, {torch.cuda.get_device_name(device) if device.type == 'cuda' else device}", file=sys.stderr)
    for row in options.rows:
        name, batch = row.split(":")
        trains, fields = batch.startswith("t"), []
        for compiled in (False, True):
            try:
                images = int(batch.lstrip("t"))
                fields.append(f"{images / measure(passes(name, images, trains, device, options.precision, compiled), options.seconds):.1f}")
            except Exception as error:  # whatever it is, memory above all: the row says so, and the next one runs
                fields.append("-")
                reason = str(error).strip().splitlines() or [type(error).__name__]
                print(f"{row}, {'compiled' if compiled else 'eager'}: {reason[0]}", file=sys.stderr)
            if device.type == "cuda":
                torch.cuda.empty_cache()
        print(name, batch, *fields, flush=True)


if __name__ == "__main__":
    main()
