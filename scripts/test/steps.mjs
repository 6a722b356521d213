// The steps of `npm test`: what each counted, and those that run side by side.
import { elapsed } from "../process.mjs";

/**
 * @typedef {{ passed: number, failed: number, missing?: string }} Counts what did not run is told in `missing`, with how to get it
 * @typedef {object} Step
 * @property {string} name
 * @property {1 | 2} lanes how many processors it keeps busy when it has them to itself
 * @property {() => Promise<Counts>} run
 * @property {Promise<unknown>} [after] what it waits for; others run meanwhile
 */

export class Steps {
  total = { passed: 0, failed: 0 };

  /**
   * Runs a step, prints a line about it, and adds what it counted.
   *
   * @param {string} name
   * @param {() => Promise<Counts>} run
   */
  async run(name, run) {
    const began = Date.now();
    /** @type {Counts} */
    let counts;
    try {
      counts = await run();
    } catch (error) {
      console.log(error instanceof Error ? error.message : error);
      counts = { passed: 0, failed: 1 };
    }
    this.total.passed += counts.passed;
    this.total.failed += counts.failed;
    console.log(`== ${name}: ${counts.passed} passed, ${counts.failed} failed (${elapsed(began)})`);
    if (counts.missing) console.log(`   not run: ${counts.missing}`);
  }

  /**
   * Runs steps in their order, as many at a time as there are lanes for: each begins as soon as those before it leave room
   * and what it waits for is there.
   *
   * @param {number} lanes at least 2
   * @param {readonly Step[]} steps
   * @returns {Promise<void>} when all are over
   */
  sideBySide(lanes, steps) {
    let free = lanes;
    const waiting = new Set(steps);
    const ready = new Set(steps.filter((step) => !step.after));
    return new Promise((done) => {
      const begin = () => {
        if (waiting.size === 0 && free === lanes) done();
        for (const step of waiting) {
          if (!ready.has(step)) continue;
          if (step.lanes > free) break;
          waiting.delete(step);
          free -= step.lanes;
          void this.run(step.name, step.run).then(() => {
            free += step.lanes;
            begin();
          });
        }
      };
      for (const step of steps) {
        const go = () => {
          ready.add(step);
          begin();
        };
        // What fails is told by the step that needs it.
        step.after?.then(go, go);
      }
      begin();
    });
  }
}
