// npm's solc as a service: one compiler input per line of stdin, one output per line of stdout. Loading the compiler takes
// most of a second, so whoever compiles many small changes keeps one of these. The argument is the folder of the imports.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");
const solc = require("solc");

const root = process.argv[2];

function readImport(name) {
  const file = path.resolve(root, name);
  return fs.existsSync(file) ? { contents: fs.readFileSync(file, "utf8") } : { error: `File not found: ${name}` };
}

process.stdout.on("error", () => process.exit()); // whoever asked is gone: nobody is left to be told

readline.createInterface({ input: process.stdin }).on("line", (input) => {
  process.stdout.write(solc.compile(input, { import: readImport }) + "\n");
});
