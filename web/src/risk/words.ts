// Quantities of a risk in plain words; numbers as wide as their error.
import { decimals, percent } from "../format";
import { has, t } from "../texts";
import type { Estimate } from "./risk_data";

const PATTERNS: [RegExp, string][] = [
  [/^lolh_(?:(\w+)_)?hours$/, "lolh"],
  [/^lolf_(?:(\w+)_)?events$/, "lolf"],
  [/^eue_(?:(\w+)_)?mwh$/, "eue"],
  [/^neue_(?:(\w+)_)?ppm$/, "neue"],
  [/^people_hours_without_(\w+)$/, "without"],
  [/^people_hours_below_(\d+)$/, "below"],
  [/^buildings_(\w+)$/, "buildings"],
];

export function label(name: string): string {
  for (const [pattern, key] of PATTERNS) {
    const found = pattern.exec(name);
    if (!found) continue;
    const of = found[1] ?? "power";
    return t(`risk.quantity_${key}`, { of: has(`risk.of_${of}`) ? t(`risk.of_${of}`) : of.replaceAll("_", " ") });
  }
  return has(`risk.quantity_${name}`) ? t(`risk.quantity_${name}`) : name.replaceAll("_", " ");
}

/** The tail or quantile that a name asks for, in words; empty for a mean. */
export function part(name: string): [string, string] {
  const found = /^(q\d\d|cvar\d\d|any)_(.+)$/.exec(name);
  if (!found?.[1] || !found[2]) return ["mean", name];
  return [found[1], found[2]];
}

/** As many digits as the error lets one trust: two of the error, the value to the same place. */
export function number(one: Estimate | null | undefined): { value: string; error: string } {
  if (!one) return { value: "–", error: "" };
  if (one.unit === "share") {
    return { value: percent(one.value), error: one.stderr === null ? "" : percent(one.stderr) };
  }
  return { value: rounded(one.value, one.stderr), error: one.stderr === null ? "" : rounded(one.stderr, one.stderr) };
}

function rounded(value: number, error: number | null): string {
  const size = Math.abs(error || value);
  if (size === 0) return "0";
  const place = Math.floor(Math.log10(size)) - (error ? 1 : 2);
  if (place < 0) return decimals(value, Math.min(-place, 9));
  return decimals(Math.round(value / 10 ** place) * 10 ** place, 0);
}
