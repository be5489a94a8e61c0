// A plan as lanes and bars of a timeline.
import type { Bar, Lane } from "./timeline";
import type { Plan } from "./plan_data";
import { whole } from "../format";
import { regionName } from "../now/map";
import { t } from "../texts";

const HOUR = 3_600_000;
const time = (text: string | null): number | null => (text === null ? null : Date.parse(text));

export interface Drawn {
  parts: { title: string; lanes: Lane[] }[];
  from: number;
  to: number;
}

/** What a plan comes to on a timeline that ends with the run. */
export function drawn(plan: Plan, runEnd: number): Drawn {
  const from = Date.parse(plan.made_at);
  const parts = [
    { title: t("plan.repairs"), lanes: crews(plan) },
    { title: t("plan.drains"), lanes: drains(plan) },
    { title: t("plan.units"), lanes: units(plan, runEnd) },
    { title: t("plan.deliveries"), lanes: tankers(plan) },
  ];
  const bars = parts.flatMap((part) => part.lanes.flatMap((lane) => lane.bars));
  const last = Math.max(from + 24 * HOUR, ...bars.map((bar) => Math.max(bar.to, bar.latest ?? 0)));
  return { parts, from: Math.min(from, ...bars.map((bar) => bar.from - (bar.way ?? 0))), to: Math.min(last, Math.max(runEnd, from + 24 * HOUR)) };
}

/** One lane for each crew with work, and one for repairs that any crew may do. */
function crews(plan: Plan): Lane[] {
  return plan.crews
    .filter((crew) => crew.repairs.length > 0)
    .map((crew) => ({
      id: `crew ${crew.crew}`,
      head: crew.crew,
      sub: t("plan.shift_hours", { from: crew.shift_from_hour, to: crew.shift_to_hour }),
      bars: crew.repairs.flatMap((at) => repair(plan, at)),
    }));
}

function repair(plan: Plan, at: number): Bar[] {
  const one = plan.repairs[at];
  const [begin, end] = [time(one?.begin ?? null), time(one?.end ?? null)];
  if (!one || begin === null || end === null) return [];
  return [
    {
      id: `repair ${one.asset}`,
      name: one.asset,
      kind: "repair",
      from: begin,
      to: end,
      soonest: time(one.end_low) ?? undefined,
      latest: time(one.end_high) ?? undefined,
      way: (one.travel_hours ?? 0) * HOUR,
    },
  ] as Bar[];
}

function drains(plan: Plan): Lane[] {
  return plan.drains
    .map((one, k) => ({ one, k }))
    .filter(({ one }) => one.drain && one.begin !== null)
    .map(({ one, k }) => {
      const begin = Date.parse(one.begin ?? "");
      const end = time(one.end) ?? begin + HOUR;
      return {
        id: `drain ${k}`,
        head: one.group,
        sub: t("plan.buildings", { count: one.buildings, number: whole(one.buildings) }),
        bars: [{ id: `drain ${k}`, name: t("plan.drain_bar", { group: one.group }), kind: "drain", from: begin, to: Math.max(end, begin + HOUR / 2) }],
      };
    });
}

/** One lane for each unit; of units of one name, the next place stands in the same lane only once the last is left. */
function units(plan: Plan, runEnd: number): Lane[] {
  const lanes: Lane[] = [];
  const inOrder = plan.units.map((one, k) => ({ one, k, begin: time(one.begin) ?? Infinity })).filter(({ begin }) => Number.isFinite(begin));
  for (const { one, k, begin } of inOrder.sort((a, b) => a.begin - b.begin)) {
    const head = one.count > 1 ? `${one.count} × ${one.unit}` : one.unit;
    const leaves = time(one.leaves) ?? begin;
    const free = (lane: Lane) => lane.head === head && lane.bars.every((bar) => bar.to <= leaves);
    let lane = lanes.find(free);
    if (!lane) lanes.push((lane = { id: `unit ${k}`, head, bars: [] }));
    lane.bars.push({
      id: `unit ${k}`,
      name: one.target || regionName(one.region),
      kind: "unit",
      from: begin,
      to: time(one.end) ?? runEnd,
      ...(leaves < begin ? { way: begin - leaves } : {}),
    });
  }
  return lanes;
}

function tankers(plan: Plan): Lane[] {
  const lanes = new Map<string, Lane>();
  for (const [k, one] of plan.deliveries.entries()) {
    const begin = time(one.begin);
    if (begin === null) continue;
    const lane = lanes.get(one.tanker) ?? { id: `tanker ${one.tanker}`, head: one.tanker, bars: [] };
    lanes.set(one.tanker, lane);
    lane.bars.push({ id: `delivery ${k}`, name: t("plan.litres", { number: whole(one.litres), region: regionName(one.region) }), kind: "delivery", from: begin, to: begin + HOUR });
  }
  return [...lanes.values()];
}
