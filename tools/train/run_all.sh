#!/bin/sh
# Sweeps, trains and exports models one after the other, on one thread. Safe to start again at any time:
# what is finished is left alone, and a run goes on from its last state.
#   tools/train/run_all.sh MODELS CORPUS RUNS EXPORTED
# MODELS is `first`, `zoo`, `seeds` or names in quotes. NAME-seed2 is the model NAME from seed 2.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
models=$1 corpus=$2 runs=$3 exported=$4 python=${PYTHON:-python3}
export OMP_NUM_THREADS=1
mkdir -p "$runs" "$exported"
exec 9>"$runs/lock"
flock -n 9 || { echo "run_all.sh: another one trains in $runs" >&2; exit 1; }

case $models in
first)
    models="masked-learned masked-rope span-t5 causal-learned causal-sinusoidal causal-rope causal-alibi
        causal-t5 causal-none"
    ;;
zoo)
    models="span-learned span-sinusoidal span-rope masked-none masked-sinusoidal masked-t5 masked-nezha
        masked-relative_key causal-shaw causal-transformer-xl causal-fire causal-kerple causal-nezha
        causal-rope-partial causal-learned-512"
    ;;
seeds)
    models=""
    for seed in 2 3; do
        for model in masked-learned masked-rope masked-t5 causal-none causal-learned causal-sinusoidal \
            causal-rope causal-alibi causal-t5 causal-shaw causal-transformer-xl causal-fire; do
            models="$models $model-seed$seed"
        done
    done
    ;;
esac

swept() { # the sweeps that a model waits for
    kind=${1%%-*}
    [ -e "$here/settings/$kind.json" ] || "$python" "$here/sweep.py" --kind "$kind" --corpus "$corpus"
    case $1 in # rows that are added to token vectors; those of post-norm models begin as published
    causal-learned* | causal-sinusoidal* | span-learned | span-sinusoidal | causal-normalised-index | \
        causal-weighted-mix | causal-concatenation)
        [ -e "$here/settings/$1.json" ] || "$python" "$here/sweep.py" --model "$1" --corpus "$corpus"
        ;;
    esac
}

one() { # a model by the name of its run
    set -eu
    model=${1%-seed[0-9]*} seed=${1##*-seed}
    [ "$model" != "$1" ] || seed=1
    [ ! -e "$exported/$1/README.md" ] || exit 0
    swept "$model"
    set -- --model "$model" --seed "$seed" --corpus "$corpus" --runs "$runs"
    "$python" "$here/train.py" "$@"
    "$python" "$here/export.py" "$@" --weights "$exported"
}

set +e # a model that fails is told, and the next one begun
for run in $models; do
    (one "$run") >>"$runs/$run.out" 2>&1
    [ $? -eq 0 ] || echo "run_all.sh: $run failed, see $runs/$run.out" >&2
done
