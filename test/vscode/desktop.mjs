// `npm run test:desktop`: the API tests in the desktop VS Code, which this downloads. For a person's own machine.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  downloadAndUnzipVSCode,
  resolveCliArgsFromVSCodeExecutablePath,
  runTests,
} from "@vscode/test-electron";
import { build } from "../../scripts/build.mjs";
import { makePackage } from "../../scripts/package.mjs";
import { must, root } from "../../scripts/process.mjs";
import { buildSuite } from "./build-suite.mjs";

await build();
const vsix = await makePackage();
const vscodeExecutablePath = await downloadAndUnzipVSCode("stable");
const home = mkdtempSync(join(tmpdir(), "tandem-desktop-"));
const own = [`--user-data-dir=${join(home, "data")}`, `--extensions-dir=${join(home, "extensions")}`];
const [cli = "code"] = resolveCliArgsFromVSCodeExecutablePath(vscodeExecutablePath);
await must(cli, [...own, "--install-extension", vsix, "--force"]);
const report = join(home, "report.json");
await runTests({
  vscodeExecutablePath,
  extensionDevelopmentPath: join(root, "test", "vscode", "other-kernel"),
  extensionTestsPath: await buildSuite(),
  extensionTestsEnv: { TANDEM_TEST_REPORT: report },
  launchArgs: [...own, "--disable-workspace-trust", join(root, "notebooks")],
});
const { passed, failed, failures } = JSON.parse(readFileSync(report, "utf8"));
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
