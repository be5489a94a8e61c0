// What the page shows, as signals; the address follows them and they follow the address.
import { computed, signal } from "@preact/signals";
import { read, type Route, write } from "./route";

export const route = signal<Route>(read(location.hash));

export const tab = computed(() => route.value.tab);
export const scenarioId = computed(() => route.value.scenario);
export const measure = computed(() => route.value.measure);
export const unit = computed(() => route.value.unit);
export const place = computed(() => route.value.place);
export const asset = computed(() => route.value.asset);
export const side = computed(() => route.value.side);
export const difference = computed(() => route.value.difference);
export const against = computed(() => route.value.against);

/** What a screen reader says next, politely. */
export const announced = signal("");
export function announce(text: string): void {
  // the same text twice is said twice only if it changed in between
  announced.value = announced.value === text ? `${text}\u00a0` : text;
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Change the state; `push` makes a step of the browser's history of it. */
export function go(change: Partial<Route>, push = false): void {
  const next = { ...route.value, ...change };
  const address = write(next);
  clearTimeout(timer);
  if (push && address !== location.hash) history.pushState(null, "", address);
  else later(address);
  route.value = next;
}

// Browsers refuse an address that changes hundreds of times a minute, as it does while the slider plays.
function later(address: string): void {
  timer = setTimeout(() => history.replaceState(null, "", address), 250);
}

/** The whole link to what is seen now. */
export const link = (): string => location.origin + location.pathname + write(route.value);

addEventListener("popstate", () => {
  clearTimeout(timer);
  route.value = read(location.hash);
});
