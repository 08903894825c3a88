// npm's build of solc behind the command line of the native compiler: --version and --standard-json,
// which is all that is asked of it by this project, forge, Ape and slither.
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
    "package": { type: "string", default: "solc" }, // where the compiler is
  },
});

function readImport(name) {
  for (const folder of [values["base-path"], ...values["include-path"]]) {
    const file = path.resolve(folder, name);
    if (fs.existsSync(file)) return { contents: fs.readFileSync(file, "utf8") };
  }
  return { error: `File not found: ${name}` };
}

const solc = require(values["package"]);

if (values["standard-json"]) {
  const input = fs.readFileSync(positionals[0] ?? 0, "utf8");
  const isOld = solc.semver().startsWith("0.5."); // which takes the function itself
  process.stdout.write(solc.compile(input, isOld ? readImport : { import: readImport }) + "\n");
} else if (values["version"]) {
  // py-solc-x reads a platform it knows after the commit.
  const version = solc.version().replace(".Emscripten.clang", ".Linux.g++");
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else {
  process.stderr.write("solc: only --version and --standard-json are offered by this build.\n");
  process.exitCode = 2;
}
