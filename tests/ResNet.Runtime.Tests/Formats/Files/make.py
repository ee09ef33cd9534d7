"""Writes the PyTorch files beside it. Run with PyTorch 1.13; the values are what WeightFileTests computes by formula."""
import collections
import torch


def weights():
    ramp = torch.arange(24, dtype=torch.float32) / 8 - 1  # -1, -0.875 ... 1.875: exact in every floating type
    shared = ramp.clone()
    return collections.OrderedDict([
        ("float", ramp.reshape(2, 3, 4).clone()),
        ("double", ramp.double()),
        ("half", ramp.half()),
        ("bfloat16", ramp.bfloat16()),
        ("long", torch.arange(-3, 3)),
        ("int", torch.arange(-3, 3, dtype=torch.int32)),
        ("short", torch.arange(-3, 3, dtype=torch.int16)),
        ("char", torch.arange(-3, 3, dtype=torch.int8)),
        ("byte", torch.arange(250, 256, dtype=torch.uint8)),
        ("bool", torch.tensor([True, False, True])),
        ("transposed", ramp.reshape(4, 6).clone().t()),
        ("transposed.double", ramp.double().reshape(4, 6).clone().t()),
        ("transposed.half", ramp.half().reshape(4, 6).clone().t()),
        ("transposed.byte", torch.arange(24, dtype=torch.uint8).reshape(4, 6).t()),
        ("channels_last", ramp.reshape(1, 2, 3, 4).clone().contiguous(memory_format=torch.channels_last)),
        ("column", shared.reshape(4, 6)[:, 2]),
        ("tail", shared[20:]),
        ("expanded", torch.tensor([5.0]).expand(3)),
        ("scalar", torch.tensor(2.5)),
        ("empty", torch.zeros(0, 3)),
        ("parameter", torch.nn.Parameter(ramp[:2].clone())),
    ])


torch.save(weights(), "zip.pth")
torch.save(weights(), "legacy.pth", _use_new_zipfile_serialization=False)
for protocol in (3, 4, 5):
    torch.save(weights(), f"zip-protocol{protocol}.pth", pickle_protocol=protocol)

net = torch.nn.Sequential(collections.OrderedDict(conv=torch.nn.Conv2d(1, 2, 1), bn=torch.nn.BatchNorm2d(2)))
for p in net.parameters():
    torch.nn.init.constant_(p, 0.5)
torch.save(net, "module.pth")
sgd = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
net(torch.ones(1, 1, 2, 2)).sum().backward()
sgd.step()
state = collections.OrderedDict(("module." + k, v) for k, v in net.state_dict().items())
torch.save({"epoch": 3, "best_prec1": 91.5, "arch": "tiny", "state_dict": state, "optimizer": sgd.state_dict()}, "checkpoint.pth")
torch.save({"epoch": 3, "lr": [0.1, 0.01]}, "no-weights.pth")
