// Figures of one metric and place over the days on which they were published. No line joins them: they are said by
// different people. The table below says the same in words.
import { date, compact } from "../format";
import { t } from "../texts";
import type { Kept, Tick } from "./ledger";
import { decision, source, value } from "./words";

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [400, 120, 46, 10, 22];
const DECIDED = [null, "accepted", "rejected"] as const;

export function Dots({ of }: { of: Kept[] }) {
  const points = of
    .map((kept) => ({ kept, day: Date.parse(`${kept.published.slice(0, 10)}T12:00Z`), low: kept.claim.value }))
    .filter((one): one is { kept: Kept; day: number; low: number } => Number.isFinite(one.day) && one.low !== null);
  const days = points.map((one) => one.day);
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const most = Math.max(...points.map(({ kept, low }) => kept.claim.value_max ?? low));
  if (points.length < 3 || first === last || !(most > 0)) return null;
  const x = (day: number) => LEFT + 8 + ((day - first) / (last - first)) * (WIDTH - LEFT - 60);
  const y = (of: number) => TOP + (1 - of / most) * (HEIGHT - TOP - BOTTOM);
  return (
    <figure class="dots">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        {[0, most].map((of) => (
          <g key={of}>
            <path class="rule" d={`M${LEFT} ${y(of)}H${WIDTH}`} />
            <text x={LEFT - 6} y={y(of) + 4} text-anchor="end">
              {compact(of)}
            </text>
          </g>
        ))}
        {[first, last].map((day, k) => (
          <text key={day} x={x(day)} y={HEIGHT - 5} text-anchor={k ? "middle" : "start"}>
            {date(day)}
          </text>
        ))}
        {points.map(({ kept, day, low }) => (
          <g key={kept.name}>
            <title>{[value(kept.claim), source(kept.claim), decision(kept.tick)].filter(Boolean).join(" · ")}</title>
            {kept.claim.value_max !== null && <path class="range" d={`M${x(day)} ${y(low)}V${y(kept.claim.value_max)}`} />}
            <Dot x={x(day)} y={y(low)} of={kept.tick?.decision ?? null} />
          </g>
        ))}
      </svg>
      <ul class="classes">
        {DECIDED.map((one) => (
          <li key={one}>
            <svg viewBox="0 0 14 14" aria-hidden="true">
              <Dot x={7} y={7} of={one} />
            </svg>
            {one === null ? t("reports.undecided") : t(`reports.is_${one}`)}
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** Full where accepted, a cross where rejected, open else. */
function Dot({ x, y, of }: { x: number; y: number; of: Tick["decision"] | null }) {
  if (of === "rejected") return <path class="dot-rejected" d={`M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x + 4} ${y - 4}L${x - 4} ${y + 4}`} />;
  return <circle class={of === "accepted" ? "dot-accepted" : "dot-open"} cx={x} cy={y} r="4.5" />;
}
