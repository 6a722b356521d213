import { html } from "./dom.ts";

/** A box beside the pointer with what is said of the thing under it. */
export class Tooltip {
  readonly #root: HTMLElement;
  readonly #say: (target: Element) => string | undefined;
  readonly #box = html("div", { class: "tandem-tooltip", role: "tooltip" });
  readonly #abort = new AbortController();

  /** `say` gives the text for an element inside `root`, which must be positioned. */
  constructor(root: HTMLElement, say: (target: Element) => string | undefined) {
    this.#root = root;
    this.#say = say;
    this.#box.hidden = true;
    root.append(this.#box);
    const { signal } = this.#abort;
    root.addEventListener("pointermove", (event) => this.#move(event), { signal });
    root.addEventListener(
      "pointerleave",
      () => {
        this.#box.hidden = true;
      },
      { signal },
    );
  }

  end(): void {
    this.#abort.abort();
    this.#box.remove();
  }

  #move(event: PointerEvent): void {
    const text = event.target instanceof Element ? this.#say(event.target) : undefined;
    this.#box.hidden = text === undefined;
    if (text === undefined) return;
    this.#box.textContent = text;
    const area = this.#root.getBoundingClientRect();
    const left = Math.min(event.clientX - area.left + 12, area.width - this.#box.offsetWidth);
    this.#box.style.left = `${Math.max(0, left)}px`;
    this.#box.style.top = `${event.clientY - area.top + 16}px`;
  }
}
