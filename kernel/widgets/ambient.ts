/** Types of `widget` and `comm`, for the type service. */
export const widgetTypes = `
interface TandemWidget<S extends Record<string, any>> {
  get<K extends keyof S & string>(name: K): S[K];
  /** Changes a value here and in the front end. */
  set<K extends keyof S & string>(name: K, value: S[K]): void;
  /** Called with the new value, whichever end changed it. */
  on<K extends keyof S & string>(event: \`change:\${K}\`, handler: (value: S[K]) => unknown): void;
  on(event: "msg:custom", handler: (content: any, buffers: Uint8Array[]) => unknown): void;
  off(event: string, handler: (...args: any[]) => unknown): void;
  /** Sends a message that is no state. */
  send(content: unknown, buffers?: Uint8Array[]): void;
  close(): void;
}
type TandemWidened<S> = { [K in keyof S]: S[K] extends number ? number : S[K] extends string ? string : S[K] extends boolean ? boolean : S[K] };
/** A widget drawn by an anywidget front-end module (esm), which shares its state with the kernel. JupyterLab needs the package anywidget. */
declare function widget<S extends Record<string, any>>(options: { esm: string; css?: string; state: S }): TandemWidget<TandemWidened<S>>;

interface TandemComm {
  readonly id: string;
  readonly target: string;
  send(data: Record<string, unknown>, buffers?: Uint8Array[]): void;
  onMessage(handler: (data: any, buffers: Uint8Array[]) => unknown): void;
  onClose(handler: () => unknown): void;
  close(data?: Record<string, unknown>): void;
}
/** Jupyter's comms: lines between objects of the notebook and of the front end. */
declare const comm: {
  open(target: string, data?: Record<string, unknown>, options?: { metadata?: Record<string, unknown>; buffers?: Uint8Array[] }): TandemComm;
  /** Lets front ends open comms to a target. */
  register(target: string, handler: (comm: TandemComm, data: any, buffers: Uint8Array[]) => unknown): Promise<void>;
};
`;
