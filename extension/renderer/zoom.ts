import type { View } from "../../kernel/display/chart/plane.ts";
import type { Scale } from "../../kernel/display/chart/scale.ts";

interface Zoomed {
  /** The drawn x axis; undefined where the chart has none to look at closely. */
  scale(): Scale | undefined;
  view(): View | undefined;
  look(view: View | undefined): void;
}

/** One step of the wheel or of a key. */
const step = 1.25;

/**
 * A closer look at a part of the x axis: the wheel with Ctrl, a drag, or the keys + - and the arrows while the chart has
 * the focus; Escape or a double click shows all of it. The wheel alone scrolls the notebook.
 */
export class Zoom {
  readonly #area: HTMLElement;
  readonly #zoomed: Zoomed;
  readonly #abort = new AbortController();
  #from: number | undefined;

  constructor(area: HTMLElement, zoomed: Zoomed) {
    this.#area = area;
    this.#zoomed = zoomed;
    const { signal } = this.#abort;
    if (zoomed.scale()) area.tabIndex = 0;
    area.addEventListener("wheel", (event) => this.#wheel(event), { signal, passive: false });
    area.addEventListener(
      "pointerdown",
      (event) => {
        this.#from = event.button === 0 ? this.#value(event) : undefined;
      },
      { signal },
    );
    area.addEventListener("pointerup", (event) => this.#drop(event), { signal });
    area.addEventListener("dblclick", () => zoomed.look(undefined), { signal });
    area.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  end(): void {
    this.#abort.abort();
  }

  /** The value under the pointer. */
  #value(event: MouseEvent): number | undefined {
    const scale = this.#zoomed.scale();
    const drawing = this.#area.querySelector("svg");
    if (!scale || !drawing) return undefined;
    const { left, width } = drawing.getBoundingClientRect();
    return scale.value(((event.clientX - left) / width) * drawing.viewBox.baseVal.width);
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    const at = this.#value(event);
    if (at === undefined) return;
    event.preventDefault();
    this.#scale(at, event.deltaY < 0 ? 1 / step : step);
  }

  #drop(event: PointerEvent): void {
    const [from, to] = [this.#from, this.#value(event)];
    this.#from = undefined;
    const scale = this.#zoomed.scale();
    if (!scale || from === undefined || to === undefined) return;
    // A click is no drag.
    if (Math.abs(scale.at(from) - scale.at(to)) < 8) return;
    this.#zoomed.look({ x: from < to ? [from, to] : [to, from] });
  }

  #key(event: KeyboardEvent): void {
    const scale = this.#zoomed.scale();
    if (!scale) return;
    const [low, high] = scale.domain;
    const middle = scale.value((scale.at(low) + scale.at(high)) / 2);
    const act = {
      "+": () => this.#scale(middle, 1 / step),
      "=": () => this.#scale(middle, 1 / step),
      "-": () => this.#scale(middle, step),
      ArrowLeft: () => this.#move(-0.2),
      ArrowRight: () => this.#move(0.2),
      Escape: () => this.#zoomed.look(undefined),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /** Scales the view around a value that stays where it is. */
  #scale(at: number, factor: number): void {
    const scale = this.#zoomed.scale();
    if (!scale) return;
    const pixel = scale.at(at);
    const end = (value: number) => scale.value(pixel + (scale.at(value) - pixel) * factor);
    this.#zoomed.look({ x: [end(scale.domain[0]), end(scale.domain[1])] });
  }

  #move(share: number): void {
    const scale = this.#zoomed.scale();
    if (!scale || !this.#zoomed.view()) return;
    const [low, high] = scale.domain;
    const pixels = (scale.at(high) - scale.at(low)) * share;
    this.#zoomed.look({ x: [scale.value(scale.at(low) + pixels), scale.value(scale.at(high) + pixels)] });
  }
}
