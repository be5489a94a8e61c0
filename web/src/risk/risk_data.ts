// A risk as the server says it: every number an estimate with its standard error.
import { signal } from "@preact/signals";
import { get, Trouble } from "../api";

export interface Estimate {
  value: number;
  stderr: number | null;
  n: number;
  unit: string;
}

export interface Point {
  level: number;
  share: number;
  stderr: number;
}

export interface Reduction {
  before: Estimate;
  after: Estimate;
  reduced: Estimate;
  share: Estimate | null;
  per_cost: Estimate | null;
}

export interface Portfolio {
  name: string;
  cost: number | null;
  source?: string;
  measures: string[];
  reductions: Record<string, Reduction>;
  together?: Record<string, { together: Estimate; added_up: Estimate; beyond: Estimate }>;
}

export interface Risk {
  case: string;
  start: string;
  hours: number;
  seed?: number;
  samples: number;
  unsolved: number;
  exact?: boolean;
  estimates: Record<string, Estimate>;
  by_region: Record<string, Record<string, Estimate>>;
  bounds?: Record<string, [number, number]>;
  worst?: Record<string, { sample: number; value: number }[]>;
  convergence?: Record<string, Estimate[]>;
  exceedance?: Record<string, Point[]>;
  measures?: { currency?: string; notes?: string[]; portfolios: Portfolio[] };
  audit?: { steps_checked: number; max_relative_gap: number };
  regions: string[];
  drawn: Record<string, unknown>;
  differs: string;
}

/** What tells one risk from others. */
export interface Known {
  name: string;
  samples: number | null;
  exact: boolean;
  drawn: Record<string, unknown>;
  walked: string;
}

export interface Shown {
  risks: Known[];
  name: string | null;
  can: { hazard: boolean; measures: boolean; random_failures: boolean };
  risk: Risk | null;
}

export const shown = signal<Shown | null>(null);
export const failed = signal<Trouble | null>(null);

export async function load(name?: string): Promise<void> {
  try {
    shown.value = await get<Shown>(name === undefined ? "/api/risk" : `/api/risk?name=${encodeURIComponent(name)}`);
    failed.value = null;
  } catch (caught) {
    failed.value = caught instanceof Trouble ? caught : new Trouble(String(caught), 500);
  }
}

export const curvesOf = (name: string, region: string) =>
  get<{ exceedance: Record<string, Point[]> }>(`/api/risk/curves?${new URLSearchParams({ name, region })}`);

/** Quantities that have curves, regions, measures: what is told first. */
export const TOLD = ["eue_mwh", "eue_heat_mwh", "eue_gas_mwh", "people_hours_below_12", "buildings_frozen"];
