#!/usr/bin/env bash
# Builds the fuzzer into fuzz/bin/afl and instruments the parsers in it, so that AFL++ sees which of their branches an input takes.
set -euo pipefail
cd "$(dirname "$0")/.."
out=fuzz/bin/afl
rm -rf "$out"
dotnet build fuzz/Fuzz.csproj -c Release -v q --nologo
cp -r fuzz/bin/Release/net10.0 "$out"
dotnet tool restore
dotnet sharpfuzz "$out/ResNet.Runtime.dll" ResNet.Runtime.Imaging ResNet.Runtime.Weights ResNet.Runtime.Data ResNet.Runtime.Detection.Data \
  ResNet.Runtime.WeightFile ResNet.Runtime.WeightTensor ResNet.Runtime.VocDataset ResNet.Runtime.CocoDataset
dotnet sharpfuzz "$out/ResNet.Onnx.dll" ResNet.Onnx.Importing ResNet.Onnx.Protos
dotnet sharpfuzz "$out/ResNet.Data.Parquet.dll"
dotnet sharpfuzz "$out/Parquet.dll"
dotnet sharpfuzz "$out/ResNet.Generators.dll"
dotnet sharpfuzz "$out/ResNet.Dsl.dll"
