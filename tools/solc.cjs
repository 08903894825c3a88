// npm's build of solc behind the command line of the native compiler: --version and --standard-json,
// which is all that ape, forge, slither and tools/artifacts.py ask of it.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { parseArgs } = require("node:util");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "version": { type: "boolean" },
    "standard-json": { type: "boolean" },
    "base-path": { type: "string", default: "." },
    "include-path": { type: "string", multiple: true, default: [] },
    "allow-paths": { type: "string", multiple: true }, // any file under the folders above may be read
  },
});

// Ape compiles a copy of contracts/ in a temporary folder, without node_modules: those are found here.
const project = path.resolve(__dirname, "..");

function readImport(name) {
  for (const folder of [values["base-path"], ...values["include-path"], project]) {
    const file = path.resolve(folder, name);
    if (fs.existsSync(file)) return { contents: fs.readFileSync(file, "utf8") };
  }
  return { error: `File not found: ${name}` };
}

const solc = require("solc");

if (values["standard-json"]) {
  const input = fs.readFileSync(positionals[0] ?? 0, "utf8");
  process.stdout.write(solc.compile(input, { import: readImport }) + "\n");
} else if (values["version"]) {
  // py-solc-x reads a platform it knows after the commit.
  const version = solc.version().replace(".Emscripten.clang", ".Linux.g++");
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else {
  process.stderr.write("solc: only --version and --standard-json are offered by this build.\n");
  process.exitCode = 2;
}
