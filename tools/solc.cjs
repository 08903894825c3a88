// The project's own solc of npm. Ape compiles a copy of contracts/ in a temporary folder, without node_modules: imports
// are looked for in this project too.
"use strict";

const path = require("node:path");

const project = path.resolve(__dirname, "..");
process.argv.push("--include-path", project);
require(path.join(project, "harness/ringfence/evm/projects/solc.cjs"));
