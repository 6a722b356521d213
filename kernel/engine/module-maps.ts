import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";

/** How the code of a local module lies in its source, where the two differ. */
export interface ModuleMap {
  /** As stacks name the module: its URL or path. */
  readonly name: string;
  /** As in a standard source map. */
  readonly mappings: string;
}

const arrived: ModuleMap[] = [];
let port: MessagePort | undefined;

/** Takes note of a module's map. */
export function addModuleMap(map: ModuleMap): void {
  arrived.push(map);
}

/** A port for the thread of Node's hooks, by which it sends the maps of the modules that it compiles. */
export function portForMaps(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port = port1;
  return port2;
}

/** The maps that came since the last time. It is synchronous: stacks are read whenever user code wants. */
export function takeModuleMaps(): ModuleMap[] {
  for (let next = port && receiveMessageOnPort(port); next && port; next = receiveMessageOnPort(port))
    arrived.push(next.message as ModuleMap); // Our own thread sends nothing else.
  return arrived.splice(0);
}
