#!/bin/sh
# Writes the lock files anew. They hold names, versions and hashes; no registry, no path.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$PYTHON" -m venv "$folder"
"$folder/bin/pip" install --quiet uv==0.13.9

lock() {
    output=$1
    shift
    "$folder/bin/uv" pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate \
        --upgrade --output-file "$output" "$@"
}
lock requirements.lock --universal --extra ape --extra ray --extra operate --extra vyper --group dev pyproject.toml
lock requirements-build.lock --universal --group build --constraints requirements.lock pyproject.toml
lock requirements-slither.lock --universal --group slither pyproject.toml
lock requirements-mutmut.lock --universal --group mutmut pyproject.toml
# For macOS Wake pins a certifi that no index was seen to have.
lock requirements-wake.lock --python-platform linux --python-version 3.11 --group wake pyproject.toml
.venv/bin/npm update --package-lock-only --ignore-scripts --loglevel=error
