#!/usr/bin/env bash
# Images per second on a device, inference and training: benchmarks/gpu.sh [DEVICE [SECONDS [NETWORK:BATCH…]]]
# A batch with a t in front is that of a training step. What cannot be run (memory, above all) is said in its row.
set -euo pipefail
cd "$(dirname "$0")/.."

device=${1:-cuda} seconds=${2:-10}
if [ $# -gt 2 ]; then rows=("${@:3}"); else
    rows=(resnet18:1 resnet18:64 resnet50:1 resnet50:64 resnet101:64 resnext50_32x4d:64 wide_resnet50_2:64
        resnet18:t128 resnet50:t64 resnet50:t128
        cifar-resnet20:t128 cifar-resnet56:t128 cifar-resnet110:t128)
fi

dotnet build src/ResNet.Tool -c Release -v q -nologo
if [ "${device%%:*}" = cuda ] && command -v nvidia-smi > /dev/null; then nvidia-smi --query-gpu=name,driver_version,clocks.max.sm --format=csv,noheader; fi
printf '%-18s %-9s %5s %10s %10s %8s\n' network work batch images/s ms/image GF/s
for row in "${rows[@]}"; do
    network=${row%%:*} batch=${row##*:} work=inference train=()
    if [ "${batch#t}" != "$batch" ]; then batch=${batch#t} work=training train=(--train); fi
    if report=$(dotnet src/ResNet.Tool/bin/Release/net10.0/resnet.dll bench "$network" --batch "$batch" "${train[@]}" --device "$device" --seconds "$seconds" 2>&1); then
        read -r milliseconds images flops < <(awk '$1 == "median" { print $2, $3, $4 }' <<< "$report")
        printf '%-18s %-9s %5s %10s %10s %8s\n' "$network" "$work" "$batch" "$images" "$milliseconds" "$flops"
    else
        printf '%-18s %-9s %5s %s\n' "$network" "$work" "$batch" "$(tail -n 1 <<< "$report")"
    fi
done
