// What the map shows: a value of each region, the class it falls into, and how it is said.
import type { Run } from "../contract";
import { degrees, hours, percent, rounded, signed } from "../format";
import type { Measure } from "../route";
import { t } from "../texts";

/** One region in one step: its class (0 is well, 5 is worst; of differences 0 is better, 6 is worse). */
export interface Shade {
  value: number | null;
  level: number;
  text: string;
}

export interface Scale {
  shade: (region: number) => Shade;
  /** class and label, from well to worst */
  legend: [number, string][];
  difference: boolean;
}

const SHARES = [0.005, 0.1, 0.25, 0.5, 0.75]; // as in the brief
const DEGREES = [18, 16, 12, 8, 5];
const HOURS = [72, 48, 24, 12, 6];

export const serviceOf = (measure: Measure): string | null =>
  measure === "indoor" || measure === "freezing" ? null : measure;

export const frameOf = (measure: Measure): string =>
  measure === "indoor" ? "indoor_coldest_degc" : measure === "freezing" ? "hours_to_freezing" : `people_without_${measure}`;

/** Measures that a run has. */
export const measured = (run: Run, measure: Measure): boolean => Boolean(run.frames[frameOf(measure)]);

type Unit = "share" | "number";

/** The value of a region in a step: people, a share of them, degrees or hours. */
function valueOf(run: Run, measure: Measure, unit: Unit, step: number, region: number): number | null {
  const found = run.frames[frameOf(measure)]?.[step]?.[region] ?? null;
  if (found === null || serviceOf(measure) === null || unit === "number") return found;
  const people = run.region_people[region] ?? 0;
  return people > 0 ? Math.min(1, found / people) : 0;
}

const rising = (value: number, tops: readonly number[]) => {
  const level = tops.findIndex((top) => value <= top);
  return level < 0 ? tops.length : level;
};
const falling = (value: number, ends: readonly number[]) => {
  const level = ends.findIndex((end) => value >= end);
  return level < 0 ? ends.length : level;
};

/** Upper ends of classes of people: round parts of the most that any region has in the run. */
function crowds(run: Run, measure: Measure): number[] {
  const most = Math.max(1, ...(run.frames[frameOf(measure)] ?? []).flat().map((n) => n ?? 0));
  const round = (n: number) => Number(n.toPrecision(1)) || 1;
  return [0.5, round(most / 20), round(most / 10), round(most / 4), round(most / 2)];
}

/** The scale of a measure in one step. */
export function scaleOf(run: Run, measure: Measure, unit: Unit, step: number): Scale {
  const of = (region: number) => valueOf(run, measure, unit, step, region);
  const scale = (level: (value: number) => number, say: (value: number) => string, legend: string[]): Scale => ({
    difference: false,
    legend: legend.map((text, k) => [k, text]),
    shade: (region) => {
      const value = of(region);
      return { value, level: value === null ? 0 : level(value), text: value === null ? "–" : say(value) };
    },
  });
  if (measure === "indoor") {
    const ends = DEGREES.map((end, k) => (k === 0 ? `≥ ${end}\u00a0°C` : `${end} – ${DEGREES[k - 1]}\u00a0°C`));
    return scale((value) => falling(value, DEGREES), degrees, [...ends, `< ${DEGREES.at(-1)}\u00a0°C`]);
  }
  if (measure === "freezing") {
    const known = scale(
      (value) => 1 + Math.min(4, falling(value, HOURS.slice(1))),
      (value) => (value <= 0 ? t("map.frozen") : hours(value)),
      [t("map.no_freezing"), ...HOURS.slice(1).map((end) => `≥ ${hours(end)}`), `< ${hours(HOURS.at(-1))}`],
    );
    return known;
  }
  if (unit === "number") {
    const tops = crowds(run, measure);
    const labels = tops.map((top, k) => (k === 0 ? "0" : `≤ ${rounded(top)}`));
    return scale((value) => rising(value, tops), rounded, [...labels, `> ${rounded(tops.at(-1))}`]);
  }
  const labels = SHARES.map((top, k) => (k === 0 ? percent(0) : `≤ ${percent(top)}`));
  return scale((value) => rising(value, SHARES), percent, [...labels, `≤ ${percent(1)}`]);
}

/** Ends of the classes of a difference, on either side of none. */
function ends(run: Run, measure: Measure, unit: Unit): [number, number, number] {
  if (measure === "indoor") return [0.25, 1, 3];
  if (measure === "freezing") return [0.5, 6, 24];
  if (unit === "share") return [0.005, 0.1, 0.3];
  const tops = crowds(run, measure);
  return [1, tops[2] ?? 10, tops[3] ?? 100];
}

/** The scale of the difference between two runs in one step: fewer people, warmer, later is better. */
export function differenceOf(run: Run, other: Run, measure: Measure, unit: Unit, step: number): Scale {
  const [none, some, much] = ends(run, measure, unit);
  const better = serviceOf(measure) === null ? 1 : -1;
  const say = (value: number) => {
    const size = Math.abs(value);
    const text = measure === "indoor" ? degrees(size) : measure === "freezing" ? hours(size) : unit === "share" ? percent(size) : rounded(size);
    return size < none ? "0" : `${signed(value).startsWith("-") || value < 0 ? "−" : "+"}${text}`;
  };
  const level = (value: number) => {
    const gain = better * value;
    const size = Math.abs(gain);
    const steps = size < none ? 0 : size < some ? 1 : size < much ? 2 : 3;
    return gain > 0 ? 3 - steps : 3 + steps;
  };
  return {
    difference: true,
    legend: [
      [0, t("map.much_better")],
      [2, t("map.better")],
      [3, t("map.same")],
      [4, t("map.worse")],
      [6, t("map.much_worse")],
    ],
    shade: (region) => {
      const [now, then] = [run, other].map((one) => valueOf(one, measure, unit, step, region));
      // "never" on either side of a time has no difference; it is better or worse all the same
      if (now === null || now === undefined || then === null || then === undefined) {
        if (measure !== "freezing" || (now ?? null) === (then ?? null)) return { value: null, level: 3, text: "–" };
        return (now ?? null) === null
          ? { value: null, level: 0, text: t("map.no_longer") }
          : { value: null, level: 6, text: t("map.newly") };
      }
      const value = now - then;
      return { value, level: level(value), text: say(value) };
    },
  };
}
