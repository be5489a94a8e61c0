// The plan of the scenario shown, as the server says it; times are UTC, null is never.
import { signal } from "@preact/signals";
import { get, path, Trouble } from "../api";
import type { Unit } from "../contract";

export interface Repair {
  asset: string;
  order: number;
  crews: string[];
  begin: string | null;
  end: string | null;
  end_low: string | null;
  end_high: string | null;
  not_before: string | null;
  spare: string;
  why: string;
  passed_over: boolean;
  travel_hours?: number;
}

export interface Crew {
  crew: string;
  trade: string;
  base: string | null;
  shift_from_hour: number;
  shift_to_hour: number;
  repairs: number[];
}

export interface Drain {
  group: string;
  drain: boolean;
  buildings: number;
  begin: string | null;
  end: string | null;
  freezes: string | null;
  crews: string[];
  why: string;
}

export interface Delivery {
  tanker: string;
  begin: string | null;
  region: string;
  targets: string[];
  litres: number | null;
  why: string;
}

export interface Group {
  group: string;
  /** a character for each slot: 1 on, 0 off, ? possibly off, ! cut without notice */
  slots: string;
  hours_off: number;
  longest_block_hours: number;
  possible_hours: number;
  emergency_hours: number;
}

export interface Rotation {
  start: string;
  end: string;
  slot_hours: number;
  groups: Group[];
  days: { date: string; first: number; slots: number }[];
}

export interface Plan {
  made_at: string;
  hours: number;
  objective: string;
  complete: boolean;
  notes: string[];
  worth: Record<string, number | null>;
  crews: Crew[];
  repairs: Repair[];
  drains: Drain[];
  units: Unit[];
  deliveries: Delivery[];
  not_planned: { what: string; why: string }[];
  rotation: Rotation | null;
}

/** The plan shown, of which scenario; `plan` null where none is carried out. */
export const shown = signal<{ scenario: string; plan: Plan | null } | null>(null);
export const failed = signal<Trouble | null>(null);

export async function load(scenario: string): Promise<void> {
  failed.value = null;
  try {
    const found = await get<{ plan: Plan | null }>(path("api", "scenarios", scenario, "plan"));
    shown.value = { scenario, plan: found.plan };
  } catch (caught) {
    failed.value = caught instanceof Trouble ? caught : new Trouble(String(caught), 500);
  }
}
