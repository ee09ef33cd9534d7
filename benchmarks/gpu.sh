#!/usr/bin/env bash
# Images per second on a device, inference and training: benchmarks/gpu.sh [DEVICE [SECONDS [NETWORK:BATCH…]]]
# A batch with a t in front is that of a training step. What cannot be run (memory, above all) is said in its row.
# PRECISION=single|tf32|bf16 is that of convolutions. Where python3 has PyTorch for the device (the processor stands in for
# OpenCL), the row is run by it in turn, eager and compiled, and "of best" is the share of the faster one; PYTHON=… names
# another python3, PYTHON= none.
set -euo pipefail
cd "$(dirname "$0")/.."

device=${1:-cuda} seconds=${2:-10} precision=${PRECISION:-single} python=${PYTHON-python3}
if [ $# -gt 2 ]; then rows=("${@:3}"); else
    rows=(resnet18:1 resnet18:64 resnet50:1 resnet50:64 resnet101:64 resnext50_32x4d:64 wide_resnet50_2:64
        resnet18:t128 resnet50:t64 resnet50:t128
        cifar-resnet20:t128 cifar-resnet56:t128 cifar-resnet110:t128)
fi
options=()
if [ "$precision" != single ]; then options=(--precision "$precision"); fi
if [ "${device%%:*}" = cuda ]; then peer=$device; else peer=cpu; fi
if [ -n "$python" ] && ! missing=$("$python" -c "import torch; torch.zeros(1, device='$peer')" 2>&1); then
    echo "no PyTorch beside it: ${missing##*$'\n'}"
    python=
fi

dotnet build src/ResNet.Tool -c Release -v q -nologo
if [ "${device%%:*}" = cuda ] && command -v nvidia-smi > /dev/null; then nvidia-smi --query-gpu=name,driver_version,clocks.max.sm --format=csv,noheader; fi
reasons=$(mktemp)
trap 'rm -f "$reasons"' EXIT
printf '%-18s %-9s %5s %-9s %10s %10s %8s %10s %10s %8s\n' network work batch precision images/s ms/image GF/s eager compiled 'of best'
for row in "${rows[@]}"; do
    network=${row%%:*} batch=${row##*:} work=inference train=() eager=- compiled=- ratio=-
    if [ "${batch#t}" != "$batch" ]; then batch=${batch#t} work=training train=(--train); fi
    if [ -n "$python" ]; then
        read -r _ _ eager compiled < <("$python" benchmarks/torch_gpu.py --device "$peer" --precision "$precision" --seconds "$seconds" "$row" 2>> "$reasons" || echo - - - -)
    fi
    if report=$(dotnet src/ResNet.Tool/bin/Release/net10.0/resnet.dll bench "$network" --batch "$batch" "${train[@]}" --device "$device" "${options[@]}" --seconds "$seconds" 2>&1); then
        read -r milliseconds images flops < <(awk '$1 == "median" { print $2, $3, $4 }' <<< "$report")
        ratio=$(awk -v ours="$images" -v eager="$eager" -v compiled="$compiled" 'BEGIN {
            best = eager + 0 > compiled + 0 ? eager + 0 : compiled + 0
            if (best > 0) printf "%.2f", ours / best; else print "-" }')
    else
        images=- milliseconds=- flops=-
        tail -n 1 <<< "$report" | sed "s/^/$row: /" >> "$reasons"
    fi
    printf '%-18s %-9s %5s %-9s %10s %10s %8s %10s %10s %8s\n' "$network" "$work" "$batch" "$precision" "$images" "$milliseconds" "$flops" "$eager" "$compiled" "$ratio"
done
# Why a field is empty, each reason once.
sort -u "$reasons"
