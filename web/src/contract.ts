// What the server says, as it says it: times are UTC in ISO form, arrays are [step][region].
import type { MultiPolygon, Polygon } from "geojson";


export interface Fault {
  where: string;
  found: string;
  expected: string;
  suggestion?: string;
}

/** A mobile unit that the case has in store. */
export interface UnitKind {
  unit: string;
  mw: number;
  targets: string[];
}

export interface Board {
  case: { name: string; title: string; time_zone: string; provenance: string };
  root: string;
  start: string;
  hours: number;
  step_hours: number;
  languages: { code: string; name: string }[];
  has: {
    warmth: boolean;
    ledger: boolean;
    plan: boolean;
    risk: boolean;
    rotation: boolean;
    units: UnitKind[];
  };
  thresholds: number[];
  version: string;
  read_only: boolean;
}

export interface RegionLabel {
  lines: string[];
  x: number;
  y: number[];
  number_y?: number | null;
  size: number;
}

export interface RegionFeature {
  type: "Feature";
  id: string;
  properties: { names: Record<string, string>; people: number; label: RegionLabel };
  geometry: Polygon | MultiPolygon;
}

export interface Drawing {
  type: "FeatureCollection";
  width: number;
  height: number;
  tiles: boolean;
  features: RegionFeature[];
}

export type Edit =
  | { kind: "back"; asset: string; at: string }
  | { kind: "out"; asset: string; at: string; until: string | null; available: number }
  | {
      kind: "unit";
      unit: "boiler" | "generator";
      target: string;
      mw: number;
      from: string;
      until: string | null;
    }
  | { kind: "shift"; asset: string; not_before: string }
  | { kind: "first"; asset: string }
  | { kind: "plan"; plan: string }
  | { kind: "no_plan" }
  | { kind: "claims"; ledger_mark: string }
  | { kind: "winter"; risk: string; sample: number };

export interface Scenario {
  id: string;
  parent: string | null;
  edit: Edit | null;
  /** every one from the root on */
  edits: (Edit & { id: string })[];
}

/** Mobile units at one place, for as long as they work there. */
export interface Unit {
  unit: string;
  count: number;
  kind: string;
  region: string;
  target: string;
  leaves: string | null;
  begin: string | null;
  end: string | null;
  capacity_mw: number | null;
  people: number | null;
  litres_per_day: number | null;
  why: string;
}

export type Frame = (number | null)[][];

export interface Band {
  low: number | null;
  central: number | null;
  high: number | null;
}

export interface Decision {
  group: string;
  region: string;
  buildings: number;
  people: number;
  stopped: string;
  start_by: string | null;
  drain_by: string | null;
  choice: "drain" | "hold";
  in_time: number;
  back_in_time: number;
  indifference: number;
  hours_left: Band;
  cold_person_hours: { hold: number; drain: number };
}

export interface Answers {
  people: number;
  unserved_mwh: Record<string, number>;
  people_hours_without: Record<string, number>;
  peak_people_without: Record<string, number>;
  people_hours_below_degc: Record<string, number>;
  buildings: { total: number; drained: number; frozen: number; without_heat_peak: number };
  drain_deadlines: { group: string; region?: string; buildings: number; by: Band }[];
  decisions: Decision[];
}

export interface Run {
  id: string;
  start: string;
  step_hours: number;
  hours: number;
  steps: number;
  checked: boolean | null;
  regions: string[];
  region_people: number[];
  frames: Record<string, Frame | null>;
  /** sums over all regions: people_without_heat, people_below_12, people_below_12_low, outdoor_degc, ... */
  series: Record<string, number[]>;
  answers: Answers;
  assets_out: unknown[];
}

/** A region in full: its groups by step, what is due and why. */
export interface PlaceDocument {
  region: string;
  people: number;
  buildings: number;
  vulnerable_share: number | null;
  series: Record<string, (number | null)[]>;
  indoor_degc: Record<"low" | "central" | "high", (number | null)[]> | null;
  groups: Group[];
  causes: Cause[];
  drain_deadlines: { group: string; buildings: number; by: Band }[];
  decisions: Decision[];
  warming_points: WarmingPoint[];
}

export interface Group {
  group: string;
  region: string;
  archetype: string;
  buildings: number;
  people: number;
  heat_bus: string;
  power_bus: string;
  indoor_degc: Record<"low" | "central" | "high", (number | null)[]>;
}

export interface Cause {
  group: string;
  time: string;
  first_link: string;
  rank: number;
  asset: string | null;
  kind: string;
  missing_mw: number | null;
  source: string | null;
}

export interface WarmingPoint {
  night: string;
  from: string;
  until: string;
  people: Band;
  vulnerable: Band;
  buildings: Band;
}
