import { expect, it } from "vitest";
import { parseConnection, readConnection } from "./connection.ts";

const FIELDS = {
  transport: "tcp",
  ip: "127.0.0.1",
  shell_port: 1,
  control_port: 2,
  stdin_port: 3,
  iopub_port: 4,
  hb_port: 5,
  key: "k",
  signature_scheme: "hmac-sha256",
};

it("reads TCP endpoints", () => {
  const { endpoints, key } = parseConnection(JSON.stringify(FIELDS));
  expect(key).toBe("k");
  expect(endpoints.shell).toBe("tcp://127.0.0.1:1");
  expect(endpoints.hb).toBe("tcp://127.0.0.1:5");
});

it("reads IPv6 and Unix-socket endpoints", () => {
  expect(parseConnection(JSON.stringify({ ...FIELDS, ip: "::1" })).endpoints.iopub).toBe("tcp://[::1]:4");
  const ipc = { ...FIELDS, transport: "ipc", ip: "/run/kernel-7" };
  expect(parseConnection(JSON.stringify(ipc)).endpoints.shell).toBe("ipc:///run/kernel-7-1");
});

it("says what is wrong", () => {
  const { shell_port: _, ...without } = FIELDS;
  expect(() => parseConnection(JSON.stringify(without))).toThrow("shell_port");
  expect(() => parseConnection(JSON.stringify({ ...FIELDS, transport: "udp" }))).toThrow("udp");
  expect(() => parseConnection(JSON.stringify({ ...FIELDS, signature_scheme: "md5" }))).toThrow("md5");
  expect(() => readConnection("/nowhere/kernel.json")).toThrow("/nowhere/kernel.json");
});
