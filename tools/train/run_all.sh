#!/bin/sh
# Sweeps, trains and exports every model, two at a time, one thread each. Safe to start again.
#   tools/train/run_all.sh CORPUS RUNS WEIGHTS [options of train.py, as --tokens 2000000 --rows 8]
set -eu
export here=$(cd "$(dirname "$0")" && pwd)
export corpus=$1 runs=$2 weights=$3 python=${PYTHON:-python3}
shift 3
export options="$*" OMP_NUM_THREADS=1
mkdir -p "$runs"

printf '%s\n' causal-rope causal-alibi causal-learned causal-sinusoidal causal-t5 causal-none \
    masked-bert masked-roformer span-t5 |
    xargs -P 2 -I MODEL sh -euc '
        exec >>"$runs/MODEL.out" 2>&1
        [ -e "$here/settings/MODEL.json" ] || "$python" "$here/sweep.py" --model MODEL --corpus "$corpus"
        "$python" "$here/train.py" --model MODEL --corpus "$corpus" --runs "$runs" $options
        case $options in *--until*) exit 0 ;; esac
        "$python" "$here/export.py" --model MODEL --corpus "$corpus" --runs "$runs" --weights "$weights"
    '
