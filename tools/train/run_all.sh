#!/bin/sh
# Sweeps, trains and exports models, two at a time, one thread each. Safe to start again.
#   tools/train/run_all.sh MODELS CORPUS RUNS WEIGHTS [options of train.py, as --tokens 2000000 --rows 8]
# MODELS is `first`, `zoo`, `seeds` or names in quotes. NAME-seed2 is the model NAME from seed 2.
set -eu
export here=$(cd "$(dirname "$0")" && pwd)
models=$1
export corpus=$2 runs=$3 weights=$4 python=${PYTHON:-python3}
shift 4
export options="$*" OMP_NUM_THREADS=1
mkdir -p "$runs"

case $models in # the cheap ones first
first)
    models="span-t5 masked-bert masked-roformer causal-none causal-learned causal-sinusoidal
        causal-rope causal-alibi causal-t5"
    ;;
zoo)
    models="span-sinusoidal span-bart masked-bert-512 masked-none masked-t5 masked-relative_key
        masked-nezha causal-sinusoidal-doubled causal-normalised-index causal-weighted-mix
        causal-concatenation causal-rope-interleaved causal-rope-partial causal-kerple causal-fire
        causal-transformer-xl causal-nezha causal-shaw"
    ;;
seeds)
    models="causal-learned-seed2 causal-learned-seed3 causal-sinusoidal-seed2
        causal-sinusoidal-seed3 causal-rope-seed2 causal-rope-seed3 causal-t5-seed2 causal-t5-seed3"
    ;;
esac

printf '%s\n' $models |
    xargs -P 2 -I RUN sh -euc '
        exec >>"$runs/RUN.out" 2>&1
        run=RUN model=${run%-seed[0-9]*} seed=${run##*-seed}
        [ "$model" != "$run" ] || seed=1
        set -- --model "$model" --corpus "$corpus"
        [ -e "$here/settings/$model.json" ] || "$python" "$here/sweep.py" "$@"
        "$python" "$here/train.py" "$@" --runs "$runs" --seed "$seed" $options
        case $options in *--until*) exit 0 ;; esac
        "$python" "$here/export.py" "$@" --runs "$runs" --weights "$weights" --seed "$seed"
    '
