#!/usr/bin/env node
// The `tandem` command: checks what it needs, then starts the bundle.
const fs = require("node:fs");
const path = require("node:path");

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const bundle = path.join(__dirname, "..", "dist", "tandem.cjs");

if (major < 20 || (major === 20 && minor < 20)) {
  console.error(`tandem: this is Node ${process.versions.node}, and Tandem needs 20.20 or later.`);
  process.exit(2);
} else if (!fs.existsSync(bundle)) {
  console.error("tandem: the command is not built yet.");
  console.error("This is a checkout without its dist folder.");
  console.error("Build it with: npm run build");
  process.exit(2);
} else {
  require(bundle);
}
