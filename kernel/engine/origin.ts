import { promiseHooks } from "node:v8";

/**
 * Which request user code belongs to: the one that started it, also when a timer or a promise runs it later.
 *
 * AsyncLocalStorage would tell, but with it Node 20 pushes the context of each promise on a stack and aborts the process
 * when an interrupt kept it from popping; and it shows in promises that are printed. So promises are followed by V8's own
 * hooks, the request's id in a private field of each, and timers by what is put around their callbacks. Callbacks of
 * sockets and files belong to the cell that runs then.
 */
interface Origins {
  /** Set while a request's code is started; wins. */
  forced: number | undefined;
  isForced: boolean;
  /** That of the promise whose continuation runs. */
  promise: number | undefined;
  inPromise: boolean;
  /** That of the timer that threw last. */
  thrower: number | undefined;
  /** How many want code not to be followed now. */
  pauses: number;
  /** Begins to follow promises; what ends it, while they are followed. */
  follow: () => () => void;
  unfollow: (() => void) | undefined;
}

// The bundles of the engine's thread share one.
const KEY = Symbol.for("tandem.origins");
const holder = globalThis as unknown as { [KEY]?: Origins };
holder[KEY] ??= {
  forced: undefined,
  isForced: false,
  promise: undefined,
  inPromise: false,
  thrower: undefined,
  pauses: 0,
  follow: () => () => {},
  unfollow: undefined,
};
const now: Origins = holder[KEY];

/** Lets a class add its fields to an object that is there already. */
class Existing {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: that is what it is for.
    return object;
  }
}

class Mark extends Existing {
  #id: number;

  constructor(object: object, id: number) {
    super(object);
    this.#id = id;
  }

  static of(object: object): number | undefined {
    return #id in object ? object.#id : undefined;
  }
}

/** The id of the request that started what runs now; undefined outside of all. */
export function originOf(): number | undefined {
  if (now.isForced) return now.forced;
  return now.inPromise ? now.promise : undefined;
}

/** The id of the request that made a promise. */
export const originOfPromise = (promise: object): number | undefined => Mark.of(promise);

/** Runs `work` as part of a request, or outside of any. */
export function runAs<T>(id: number | undefined, work: () => T): T {
  const { forced, isForced } = now;
  now.forced = id;
  now.isForced = true;
  try {
    return work();
  } finally {
    now.forced = forced;
    now.isForced = isForced;
  }
}

/**
 * Runs `work` outside of any request. For what is made once and serves many cells (a worker, a socket): what it says
 * belongs to the cell that runs then, not to the one that happened to need it first.
 */
export const detached = <T>(work: () => T): T => runAs(undefined, work);

/** Takes the id of the request whose timer threw what nobody caught. */
export function takeThrower(): number | undefined {
  const { thrower } = now;
  now.thrower = undefined;
  return thrower;
}

/** Forgets what an interrupt left behind. For the start of a request. */
export function settleOrigins(): void {
  now.pauses = 0;
  now.unfollow ??= now.follow();
  now.isForced = false;
  now.inPromise = false;
  now.thrower = undefined;
}

/** Follows no promise until the next request: an interrupt finds the code of a loop of promises behind its hooks only. */
export function stopFollowing(): void {
  now.unfollow?.();
  now.unfollow = undefined;
  now.inPromise = false;
}

/**
 * Does not follow code while `work` runs. Following costs each promise some time, which is not to be measured; what is
 * printed meanwhile belongs to the cell that runs.
 */
export async function unfollowed<T>(work: () => Promise<T>): Promise<T> {
  if (now.pauses++ === 0) {
    now.unfollow?.();
    now.unfollow = undefined;
    now.inPromise = false;
  }
  try {
    return await work();
  } finally {
    // An interrupt may have settled it already.
    if (now.pauses > 0 && --now.pauses === 0) now.unfollow ??= now.follow();
  }
}

/** Begins to follow code from its request to its timers and promises. Once, in the engine's main thread. */
export function followOrigins(): void {
  now.follow = () =>
    promiseHooks.createHook({
      init(promise) {
        const id = originOf();
        if (id !== undefined) new Mark(promise, id);
      },
      before(promise) {
        now.promise = Mark.of(promise);
        now.inPromise = true;
      },
      after() {
        now.inPromise = false;
      },
    }) as () => void; // It returns the function that ends it.
  now.unfollow = now.follow();
  for (const name of ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"] as const)
    followCallback(globalThis, name);
  followCallback(process, "nextTick");
}

type Caller = (this: unknown, callback: unknown, ...rest: unknown[]) => unknown;

/** Lets what is handed to a function as its callback run as part of the request that hands it over. */
function followCallback<Name extends string>(holder: Record<Name, unknown>, name: Name): void {
  // Each of them takes its callback first.
  const original = holder[name] as Caller;
  const follows: Caller = function (callback, ...rest) {
    const id = now.pauses > 0 ? undefined : originOf();
    if (id === undefined || typeof callback !== "function") return original.call(this, callback, ...rest);
    const run = function (this: unknown, ...values: unknown[]): unknown {
      return runAs(id, () => {
        try {
          return callback.apply(this, values);
        } catch (error) {
          now.thrower = id;
          throw error;
        }
      });
    };
    return original.call(this, run, ...rest);
  };
  // Its name, its length, and what `promisify` makes of it.
  Object.defineProperties(follows, Object.getOwnPropertyDescriptors(original));
  Object.defineProperty(holder, name, { ...Object.getOwnPropertyDescriptor(holder, name), value: follows });
}
