/** What an interrupt has to end with the variables kept, by name. */
export const loops: Readonly<Record<string, string>> = {
  "a loop": "while (true) {}",
  "a loop after an await": "await null; while (true) {}",
  "a loop in a timer": "await new Promise(() => setTimeout(() => { while (true) {} }, 1))",
  "a loop of awaits": "while (true) await null",
  "an endless promise": "await new Promise(() => {})",
  "a runaway regular expression": "/^(a+)+$/.test('a'.repeat(40) + 'b')",
  "Atomics.wait": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "a child of execSync": "require('child_process').execSync('sleep 60')",
  "a child of spawnSync": "require('child_process').spawnSync('sleep', ['60'])",
  "a read of a pipe":
    "const { execSync } = require('child_process'); const { openSync, readSync } = require('fs'); execSync('test -p fifo || mkfifo fifo'); readSync(openSync('fifo', 'r+'), Buffer.alloc(1))",
  "a loop that prints": "while (true) console.log('x'.repeat(80))",
  "a loop in a getter": "JSON.stringify({ get x() { while (true) {} } })",
  "a loop in toString": "String({ toString() { while (true) {} } })",
  "a loop while a result is drawn": "({ [Symbol.for('nodejs.util.inspect.custom')]() { while (true) {} } })",
  "a loop in Jupyter.display": "({ [Symbol.for('Jupyter.display')]() { while (true) {} } })",
};

/** What ends an engine, by name. */
export const deaths: Readonly<Record<string, string>> = {
  "process.exit": "process.exit(3)",
  "process.abort": "process.abort()",
  "a segmentation fault": "process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {})",
  "kill -9": "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})",
};
