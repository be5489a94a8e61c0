// What the server says, as it says it: times are UTC in ISO form, arrays are [step][region].
import type { MultiPolygon, Polygon } from "geojson";


export interface Fault {
  where: string;
  found: string;
  expected: string;
}

export interface UnitKind {
  unit: "boiler" | "generator";
  mw?: number;
  targets?: string[];
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
  thresholds?: Record<string, number>;
  version: string;
  read_only: boolean;
}

export interface RegionLabel {
  lines: string[];
  x: number;
  y: number[];
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
  | { kind: "claims"; ledger_mark: string };

export interface Scenario {
  id: string;
  parent: string | null;
  edit: Edit | null;
  title?: string;
  edits: Edit[];
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
  checked: boolean | null;
  regions: string[];
  region_people: number[];
  frames: Record<string, Frame | null>;
  series: Record<string, (number | null)[]>;
  answers: Answers;
  assets_out: unknown[];
}
