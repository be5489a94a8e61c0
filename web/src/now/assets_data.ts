// The assets of the scenario shown, and what state each is in at an instant.
import { computed, effect, signal } from "@preact/signals";
import { get, path } from "../api";
import type { Unit } from "../contract";
import { run } from "../data";

export interface Outage {
  from: string;
  until: string | null;
  available: number;
  source: string | null;
  confidence: string | null;
}

export interface Asset {
  asset: string;
  region: string | null;
  kind: string;
  class: string;
  carrier: string | null;
  mw: number | null;
  out: Outage[];
  planned: { begin: string | null; end: string | null; not_before: string | null; crews: string[] } | null;
  can: string[];
}

export const assets = signal<Asset[]>([]);
const kept = new Map<string, Asset[]>();

effect(() => {
  const id = run.value?.id;
  if (!id) return;
  const known = kept.get(id);
  if (known) {
    assets.value = known;
    return;
  }
  get<Asset[] | { assets: Asset[] }>(path("api", "scenarios", id, "assets")).then(
    (found) => {
      const list = Array.isArray(found) ? found : found.assets;
      if (kept.size > 12) kept.clear();
      kept.set(id, list);
      if (run.value?.id === id) assets.value = list;
    },
    () => undefined, // the list stays as it was; the run says what is wrong
  );
});

/** Mobile units of the scenario shown; one that moves on has a row for each place. */
export const units = signal<Unit[]>([]);

effect(() => {
  const id = run.value?.id;
  if (!id) return;
  get<{ units: Unit[] }>(path("api", "scenarios", id, "units")).then(
    (found) => {
      if (run.value?.id === id) units.value = found.units;
    },
    () => {
      if (run.value?.id === id) units.value = []; // those of another scenario are not shown as its own
    },
  );
});

/** Those that work in a region at an instant. */
export const unitsAt = (region: string, instant: number): Unit[] =>
  units.value.filter(
    (one) =>
      one.region === region &&
      (one.begin === null || Date.parse(one.begin) <= instant) &&
      (one.end === null || Date.parse(one.end) > instant),
  );

export const countOf = (of: Unit[]): number => of.reduce((sum, one) => sum + one.count, 0);

export type Condition = "out" | "part" | "back" | "later" | "intact" | "unit";

/** The state of an asset at an instant: out, partly there, mended since, broken later on, or intact. */
export function conditionAt(asset: Asset, instant: number): Condition {
  const now = asset.out.filter(
    ({ from, until }) => Date.parse(from) <= instant && (until === null || Date.parse(until) > instant),
  );
  if (now.some(({ available }) => available <= 0)) return "out";
  if (now.some(({ available }) => available < 1)) return "part";
  if (asset.out.some(({ until }) => until !== null && Date.parse(until) <= instant)) return "back";
  return asset.out.length ? "later" : "intact";
}

export const damaged = computed(() => assets.value.filter(({ out }) => out.length > 0));
