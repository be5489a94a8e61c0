// The state that a link carries: read from the address, written into it.

export const TABS = ["now", "plan", "reports", "risk"] as const;
export type Tab = (typeof TABS)[number];
export const MEASURES = ["heat", "power", "gas", "water", "indoor", "freezing"] as const;
export type Measure = (typeof MEASURES)[number];
export const SIDES = ["charts", "place", "assets", "changes"] as const;
export type Side = (typeof SIDES)[number];

export interface Route {
  tab: Tab;
  scenario: string | null;
  /** step shown; null is the worst one, until somebody moves the slider */
  step: number | null;
  measure: Measure;
  /** people without as a share or as a number */
  unit: "share" | "number";
  place: string | null;
  asset: string | null;
  side: Side;
  /** the map shows the difference to what is compared with */
  difference: boolean;
  against: "base" | "before";
  language: string | null;
}

export const START: Route = {
  tab: "now",
  scenario: null,
  step: null,
  measure: "heat",
  unit: "share",
  place: null,
  asset: null,
  side: "charts",
  difference: false,
  against: "base",
  language: null,
};

const one = <T extends string>(found: string | null, of: readonly T[], otherwise: T): T =>
  of.includes(found as T) ? (found as T) : otherwise;

/** `#/now/5f…?h=33&m=heat&p=West&l=uk`; what it does not say or says wrongly is as at the start. */
export function read(hash: string): Route {
  const [where = "", how = ""] = hash.replace(/^#\/?/, "").split("?");
  const [tab = "", scenario = ""] = where.split("/");
  const said = new URLSearchParams(how);
  const step = Number(said.get("h") ?? NaN);
  return {
    tab: one(tab, TABS, START.tab),
    scenario: /^[0-9a-f]{16}$/.test(scenario) ? scenario : null,
    step: Number.isInteger(step) && step >= 0 ? step : null,
    measure: one(said.get("m"), MEASURES, START.measure),
    unit: one(said.get("u"), ["share", "number"], "share"),
    place: said.get("p"),
    asset: said.get("a"),
    side: one(said.get("s"), SIDES, START.side),
    difference: said.get("d") === "1",
    against: one(said.get("c"), ["base", "before"], "base"),
    language: said.get("l"),
  };
}

/** The address of a state: only what differs from the start is written. */
export function write(route: Route): string {
  const said = new URLSearchParams();
  if (route.step !== null) said.set("h", String(route.step));
  if (route.measure !== START.measure) said.set("m", route.measure);
  if (route.unit !== START.unit) said.set("u", route.unit);
  if (route.place !== null) said.set("p", route.place);
  if (route.asset !== null) said.set("a", route.asset);
  if (route.side !== START.side) said.set("s", route.side);
  if (route.difference) said.set("d", "1");
  if (route.against !== START.against) said.set("c", route.against);
  if (route.language !== null) said.set("l", route.language);
  const how = said.toString();
  return `#/${route.tab}${route.scenario ? `/${route.scenario}` : ""}${how ? `?${how}` : ""}`;
}
