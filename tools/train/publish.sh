#!/bin/sh
# Brings exported folders to their place. Where transformers has no class for the encoding, the
# graph goes with the weights: locus.json says what config.json only asks for.
#   LOCUS=build/release/tools/cli/locus tools/train/publish.sh EXPORTED weights [MODEL...]
set -eu
locus=${LOCUS:-locus} exported=$1 weights=$2
shift 2
[ $# -gt 0 ] || set -- $(ls "$exported")
for model; do
    rm -rf "${weights:?}/$model"
    if grep -q '^Layout: `locus.json`' "$exported/$model/README.md"; then
        "$locus" convert "$exported/$model" "$weights/$model" >/dev/null
        cp "$exported/$model/README.md" "$weights/$model/"
    else
        cp -r "$exported/$model" "$weights/$model"
    fi
    echo "$model"
done
